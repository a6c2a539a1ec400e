import { Type, type TSchema } from '@sinclair/typebox';
import {
  Card,
  Consent,
  Delivery,
  EventRequest,
  EventTypeView,
  GetFunnel,
  GetLoyaltyReport,
  GetTimeseries,
  Id,
  Job,
  JobError,
  Nullable,
  OneOf,
  Rebuild,
  Redemption,
  RedemptionRequest,
  Reservation,
  ReservationRequest,
  SandboxMessage,
  Spend,
  Store,
  StoreInput,
  Validation,
  ValidationRequest,
} from '@tearoff/contracts';
import { apiKeySchemas } from '../../access/api-keys/api-key.schema';
import { campaignSchemas } from '../../api/campaigns/campaign.schema';
import { claimSchemas } from '../../pages/claims/claim.schema';
import { ContactsAnswer, ContactsBody, Erasure, PersonExport } from '../../api/contacts/contact.schema';
import { couponSchemas } from '../../api/coupons/coupon.schema';
import { deadLetterSchemas } from '../../api/dead-letters/dead-letter.schema';
import { DistributionRequest, DryRun } from '../../api/distributions/distribution.schema';
import { EventTypeBody } from '../../api/events/event-type.schema';
import { strict } from '../validation/hot-route';
import { Problem } from '../errors/problem.schema';
import { CardBody, CardPatchBody } from '../../api/loyalty/card.schema';
import { memberSchemas } from '../../api/loyalty/member.schema';
import { suppressionSchemas } from '../../api/suppressions/suppression.schema';
import { templateSchemas } from '../../api/templates/template.schema';
import { walletSchemas } from '../../pages/wallets/push.schema';
import { webhookSchemas } from '../../api/webhooks/webhook.schema';
import { workflowSchemas } from '../../api/workflows/workflow.schema';
import { mergePatchOf, withoutAccount } from './shapes';

/** The shapes of the public API by name: the contracts' own, and those that stand beside their nouns. */
export const schemas = {
  ...campaignSchemas,
  CodesRequest: Type.Object({ count: Type.Integer({ minimum: 1, maximum: 10_000_000 }) }),
  StackCode: Type.Object({
    code: Type.String(),
    couponId: Nullable(Type.String()),
    validTo: Type.Optional(Nullable(Type.String({ format: 'date-time' }))),
  }),
  JobRef: Type.Object({ jobId: Id('job') }),
  Job: withoutAccount(Job),
  JobError,
  DistributionRequest,
  DryRun,
  ...couponSchemas,
  ...claimSchemas,
  ValidationRequest: strict(ValidationRequest),
  Validation,
  RedemptionRequest: strict(RedemptionRequest),
  Redemption: withoutAccount(Redemption),
  ReservationRequest: strict(ReservationRequest),
  Reservation,
  StoreInput: strict(StoreInput),
  Store: withoutAccount(Store),
  ...templateSchemas,
  Delivery: withoutAccount(Delivery),
  EventRequest: strict(EventRequest),
  EventRef: Type.Object({ id: Id('event') }),
  EventTypeInput: EventTypeBody,
  EventType: EventTypeView,
  ContactsRequest: ContactsBody,
  ContactsAnswer,
  PersonExport,
  Erasure,
  ...suppressionSchemas,
  Consent: withoutAccount(Consent),
  SandboxMessage,
  ...walletSchemas,
  CardInput: CardBody,
  CardPatch: mergePatchOf(CardPatchBody),
  Card: withoutAccount(Card),
  ...memberSchemas,
  ...workflowSchemas,
  FunnelReport: GetFunnel.reply,
  Timeseries: GetTimeseries.reply,
  LoyaltyReport: GetLoyaltyReport.reply,
  SpendInput: strict(Spend),
  Spend: Type.Object({ id: Id('spend'), ...Spend.properties }),
  RebuildRequest: Type.Object({ accounts: Type.Optional(OneOf(['own', 'all'] as const)) }),
  Rebuild,
  ...webhookSchemas,
  ...deadLetterSchemas,
  ...apiKeySchemas,
  Problem,
} satisfies Record<string, TSchema>;

export type SchemaName = keyof typeof schemas;
