import { Type } from '@sinclair/typebox';
import { OneOf, Suppression } from '@tearoff/contracts';
import { withoutAccount } from '../../http/openapi/shapes';

/** The shapes of suppressions, by their names in the OpenAPI document. */
export const suppressionSchemas = {
  SuppressionInput: Type.Object({
    channel: OneOf(['sms', 'email'] as const),
    address: Type.String({ maxLength: 320 }),
    reason: Type.Optional(Suppression.properties.reason),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  }),
  Suppression: withoutAccount(Suppression),
};
