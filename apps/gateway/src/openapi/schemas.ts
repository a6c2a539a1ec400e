import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import {
  CampaignInput,
  CampaignView,
  Card,
  Consent,
  Coupon,
  Delivery,
  EventRequest,
  EventTypeView,
  GetFunnel,
  GetLoyaltyReport,
  GetTimeseries,
  Id,
  Instant,
  Job,
  JobError,
  Nullable,
  OneOf,
  PreviewTemplate,
  Rebuild,
  Redemption,
  RedemptionRequest,
  RedemptionRules,
  Reservation,
  ReservationRequest,
  SandboxMessage,
  Spend,
  Store,
  StoreInput,
  Suppression,
  Template,
  Validation,
  ValidationRequest,
  WalletRound,
  IssueRequest,
  ReplayWebhook,
  Webhook,
  WebhookAttempt,
  WebhookWithSecret,
} from '@tearoff/contracts';
import { ContactsAnswer, ContactsBody, Erasure, PersonExport } from '../contacts/contact.schema';
import { EventTypeBody } from '../events/event-type.schema';
import { DistributionRequest } from '../distributions/distribution.schema';
import { strict } from '../http/hot-route';
import { scopes } from '../api-keys/scopes';
import {
  MessagesAnswer,
  MessagesRequest,
  PreviewBody,
  TemplateBody,
  TemplatePatchBody,
} from '../templates/template.schema';
import { ClaimAnswer, ClaimRequest } from '../claims/claim-request';
import { CardPushBody } from '../wallets/push.schema';
import { CardBody, CardPatchBody } from '../loyalty/card.schema';
import { memberSchemas } from '../loyalty/member.schema';
import { ReplayBody, WebhookBody, WebhookPatchBody } from '../webhooks/webhook.schema';
import {
  RunAnswer,
  RunWithStepsAnswer,
  WorkflowAnswer,
  WorkflowPatchRequest,
  WorkflowRequest,
} from '../workflows/workflow.schema';

const withoutAccount = (schema: TObject): TObject => Type.Omit(schema, ['accountId']);

const Weekday = Type.Union([
  Type.Integer({ minimum: 1, maximum: 7 }),
  Type.String({ examples: ['mon', 'sunday'] }),
]);
const campaignBody = strict(
  Type.Object({
    ...CampaignInput.properties,
    redemption: Type.Optional(
      Type.Object({
        ...RedemptionRules.properties,
        weekdays: Type.Optional(Type.Array(Weekday, { maxItems: 7 })),
      }),
    ),
  }),
);

const delivery = Nullable(
  Type.Object({
    id: Type.String(),
    channel: OneOf(['sms', 'email'] as const),
    status: Type.String(),
    error: Type.Optional(Nullable(Type.String())),
  }),
);
const couponFields = Type.Omit(Coupon, ['accountId', 'token', 'delivery', 'redeemedStoreId']).properties;
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

const key = {
  id: Id('apiKey'),
  clientId: Type.String(),
  name: Type.String(),
  scopes: Type.Array(OneOf(scopes)),
  origins: Type.Optional(Type.Array(Type.String(), { description: 'Of a public key.' })),
  createdAt: Instant(),
};
const account = { id: Id('account'), name: Type.String(), createdAt: Instant() };
const secret = { clientSecret: Type.String({ description: 'Shown now and never again.' }) };

/** The shapes of the public API by name, most of them the contracts' own. */
export const schemas = {
  CampaignInput: campaignBody,
  CampaignPatch: Type.Unsafe({
    ...Type.Partial(campaignBody),
    description: 'A JSON merge patch (RFC 7396).',
  }),
  Campaign: withoutAccount(CampaignView),
  CodesRequest: Type.Object({ count: Type.Integer({ minimum: 1, maximum: 10_000_000 }) }),
  StackCode: Type.Object({ code: Type.String(), couponId: Nullable(Type.String()) }),
  JobRef: Type.Object({ jobId: Id('job') }),
  Job: withoutAccount(Job),
  JobError,
  DistributionRequest,
  IssueRequest: strict(IssueRequest),
  IssuedCoupon: Type.Object({
    ...issued,
    offerId: Type.Optional(Type.String()),
    url: Type.String(),
    repeated: Type.Boolean(),
    delivery,
  }),
  Coupon: Type.Object({
    ...couponFields,
    redeemedStoreId: Nullable(Type.String()),
    url: Type.String(),
    delivery,
  }),
  ReasonRequest: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) }),
  SendRequest: Type.Object({
    channel: OneOf(['sms', 'email'] as const),
    message: Type.Optional(strict(IssueRequest).properties.message as TSchema),
  }),
  ClaimRequest,
  ClaimAnswer,
  ClaimForm: Type.Object(
    {
      open: Type.Boolean(),
      lang: Type.String(),
      title: Type.Optional(Type.String()),
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
  ValidationRequest: strict(ValidationRequest),
  Validation,
  RedemptionRequest: strict(RedemptionRequest),
  Redemption: withoutAccount(Redemption),
  ReservationRequest: strict(ReservationRequest),
  Reservation,
  StoreInput: strict(StoreInput),
  Store: withoutAccount(Store),
  TemplateInput: TemplateBody,
  TemplatePatch: Type.Unsafe({ ...TemplatePatchBody, description: 'A JSON merge patch (RFC 7396).' }),
  Template: withoutAccount(Template),
  TemplatePreviewRequest: PreviewBody,
  TemplatePreview: PreviewTemplate.reply,
  MessagesRequest,
  MessagesAnswer,
  Delivery: withoutAccount(Delivery),
  EventRequest: strict(EventRequest),
  EventRef: Type.Object({ id: Id('event') }),
  EventTypeInput: EventTypeBody,
  EventType: EventTypeView,
  ContactsRequest: ContactsBody,
  ContactsAnswer,
  PersonExport,
  Erasure,
  SuppressionInput: Type.Object({
    channel: OneOf(['sms', 'email'] as const),
    address: Type.String({ maxLength: 320 }),
    reason: Type.Optional(Suppression.properties.reason),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  }),
  Suppression: withoutAccount(Suppression),
  Consent: withoutAccount(Consent),
  SandboxMessage,
  WalletLink: Type.Object({ url: Type.String() }),
  CardPush: CardPushBody,
  CardPushAnswer: Type.Object({ jobId: Id('job'), devices: Type.Integer() }),
  CardPushJob: withoutAccount(WalletRound),
  CardInput: CardBody,
  CardPatch: Type.Unsafe({ ...CardPatchBody, description: 'A JSON merge patch (RFC 7396).' }),
  Card: withoutAccount(Card),
  ...memberSchemas,
  WorkflowInput: WorkflowRequest,
  WorkflowPatch: WorkflowPatchRequest,
  Workflow: WorkflowAnswer,
  Run: RunAnswer,
  RunWithSteps: RunWithStepsAnswer,
  FunnelReport: GetFunnel.reply,
  Timeseries: GetTimeseries.reply,
  LoyaltyReport: GetLoyaltyReport.reply,
  SpendInput: strict(Spend),
  Spend: Type.Object({ id: Id('spend'), ...Spend.properties }),
  RebuildRequest: Type.Object({ accounts: Type.Optional(OneOf(['own', 'all'] as const)) }),
  Rebuild,
  WebhookInput: WebhookBody,
  WebhookPatch: Type.Unsafe({ ...WebhookPatchBody, description: 'A JSON merge patch (RFC 7396).' }),
  Webhook: withoutAccount(Webhook),
  NewWebhook: withoutAccount(WebhookWithSecret),
  WebhookAttempt,
  WebhookReplay: ReplayBody,
  WebhookReplayed: ReplayWebhook.reply,
  ApiKeyInput: Type.Object({
    name: Type.String({ maxLength: 200 }),
    scopes: Type.Array(OneOf(scopes)),
    origins: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
  }),
  ApiKey: Type.Object(key),
  NewApiKey: Type.Object({ ...key, ...secret }),
  AccountInput: Type.Object({ name: Type.String({ maxLength: 200 }) }),
  Account: Type.Object(account),
  NewAccount: Type.Object({ ...account, apiKey: Type.Object({ ...key, ...secret }) }),
  Problem: Type.Object(
    {
      type: Type.String(),
      title: Type.String(),
      status: Type.Integer(),
      detail: Type.String(),
      code: Type.String({ description: 'A stable slug to branch on.' }),
      traceId: Type.Optional(Type.String()),
      errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    },
    { description: 'RFC 9457. Some problems carry further members.' },
  ),
} satisfies Record<string, TSchema>;

export type SchemaName = keyof typeof schemas;
