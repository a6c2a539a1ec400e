import { Type } from '@sinclair/typebox';
import { Instant, Nullable, OneOf } from '@tearoff/contracts';
import { ClaimAnswer, ClaimRequest } from './claim-request';

/** The shapes of claims, by their names in the OpenAPI document. */
export const claimSchemas = {
  ClaimRequest,
  ClaimAnswer,
  ClaimForm: Type.Object(
    {
      open: Type.Boolean(),
      lang: Type.String(),
      title: Type.Optional(Type.String()),
      minBasket: Type.Optional(
        Nullable(Type.String({ description: 'What the basket has to come to, in words.' })),
      ),
      proof: Type.Optional(Nullable(Type.Object({ challenge: Type.String(), bits: Type.Integer() }))),
      played: Type.Optional(
        Type.Object(
          {},
          { description: 'Of a game: what to say when it was won or lost, and of the next play.' },
        ),
      ),
      headline: Type.Optional(Type.String({ description: 'Why it is closed.' })),
    },
    { description: 'Texts and rules of a form; where it is closed, only the reason.' },
  ),
  ClaimGate: Type.Object({
    status: OneOf(['open', 'halted'] as const),
    served: Type.Integer(),
    opened: Type.Integer(),
    since: Nullable(Instant()),
  }),
};
