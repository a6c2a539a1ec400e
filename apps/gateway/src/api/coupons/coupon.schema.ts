import { Type, type TSchema } from '@sinclair/typebox';
import { Coupon, IssueRequest, Nullable, OneOf } from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';

const issueBody = strict(IssueRequest);
const delivery = Nullable(
  Type.Object({
    id: Type.String(),
    channel: OneOf(['sms', 'email'] as const),
    status: Type.String(),
    error: Type.Optional(Nullable(Type.String())),
  }),
);
const issued = Type.Pick(Coupon, [
  'id',
  'campaignId',
  'code',
  'status',
  'recipient',
  'issuedAt',
  'validFrom',
  'validTo',
  'redeemedAt',
]).properties;

/** The shapes of coupons, by their names in the OpenAPI document. */
export const couponSchemas = {
  IssueRequest: issueBody,
  IssuedCoupon: Type.Object({
    ...issued,
    offerId: Type.Optional(Type.String()),
    url: Type.String(),
    repeated: Type.Boolean(),
    delivery,
  }),
  Coupon: Type.Object({
    ...Type.Omit(Coupon, ['accountId', 'token', 'delivery', 'redeemedStoreId']).properties,
    redeemedStoreId: Nullable(Type.String()),
    url: Type.String(),
    delivery,
  }),
  ReasonRequest: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) }),
  SendRequest: Type.Object({
    channel: OneOf(['sms', 'email'] as const),
    message: Type.Optional(issueBody.properties.message as TSchema),
  }),
};
