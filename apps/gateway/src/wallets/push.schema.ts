import { Type } from '@sinclair/typebox';
import { strict } from '../http/hot-route';

export const CardPushBody = strict(
  Type.Object({ message: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }) }),
);
