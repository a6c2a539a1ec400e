import { Type } from '@sinclair/typebox';
import { Id, WalletPushJob } from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';
import { withoutAccount } from '../../http/openapi/shapes';

export const CardPushBody = strict(
  Type.Object({ message: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }) }),
);

/** The shapes of wallets and what is pushed to them, by their names in the OpenAPI document. */
export const walletSchemas = {
  WalletLink: Type.Object({ url: Type.String() }),
  CardPush: CardPushBody,
  CardPushAnswer: Type.Object({ jobId: Id('job'), devices: Type.Integer() }),
  CardPushJob: withoutAccount(WalletPushJob),
};
