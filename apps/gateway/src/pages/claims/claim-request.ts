import { Type, type Static } from '@sinclair/typebox';
import { IssueRequest, Source } from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';

/** Not an external id: naming someone else's would send their coupon to the phone that is named beside it. */
const Claimant = Type.Omit(IssueRequest.properties.recipient, ['externalId']);

/** The body of `POST /v1/claims`. */
export const ClaimRequest = strict(
  Type.Object({
    campaignId: Type.String({ minLength: 1, maxLength: 48 }),
    recipient: Claimant,
    offerId: Type.Optional(Type.String({ maxLength: 48 })),
    source: Type.Optional(Source),
    consent: Type.Optional(Type.Boolean()),
    /** The challenge of the form and its solution, `challenge:counter`. */
    proof: Type.Optional(Type.String({ maxLength: 500 })),
    captcha: Type.Optional(Type.String({ maxLength: 8_000 })),
    passcode: Type.Optional(Type.String({ maxLength: 20 })),
  }),
);
export type ClaimRequest = Static<typeof ClaimRequest>;

export const ClaimAnswer = Type.Object({
  status: Type.Union([
    Type.Literal('accepted'),
    Type.Literal('passcode_sent'),
    Type.Literal('won'),
    Type.Literal('lost'),
  ]),
  nextPlayAt: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
