import { Type } from '@sinclair/typebox';
import { SaveEventType } from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';

const { requiredParams } = SaveEventType.request.properties;
export const EventTypeBody = strict(Type.Object({ requiredParams }));
