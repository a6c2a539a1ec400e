import { Type, type Static } from '@sinclair/typebox';
import { defineCommand, defineEvent } from './definitions';
import { Id, Instant, Nullable, OneOf } from './values';

/** What a pass is of: a coupon or a member's card by its page's token, or a member's card by its ids. */
export const PassSubject = Type.Union([
  Type.Object({ couponToken: Type.String({ minLength: 1, maxLength: 64 }) }),
  Type.Object({ cardToken: Type.String({ minLength: 1, maxLength: 64 }) }),
  Type.Object({
    accountId: Id('account'),
    cardId: Type.String({ maxLength: 48 }),
    memberId: Type.String({ maxLength: 48 }),
  }),
]);
export type PassSubject = Static<typeof PassSubject>;

/** Which wallets passes can be made for here. `development`: signed by a chain of our own, which a phone refuses. */
export const GetWalletOptions = defineCommand('loyalty', 'wallet.options', {
  request: Type.Object({}),
  reply: Type.Object({
    apple: Type.Object({ development: Type.Boolean() }),
    google: Type.Boolean(),
  }),
});
export type WalletOptions = Static<(typeof GetWalletOptions)['reply']>;

/** `pkpass`: base64. */
const signedPass = {
  serialNumber: Id('pass'),
  pkpass: Type.String(),
  changedAt: Instant(),
  development: Type.Boolean(),
};

/** Makes the pass on the first request, and the same one after that. Fails with `coupon.not_found`, `enrolment.not_found`. */
export const GetApplePass = defineCommand('loyalty', 'wallet.apple-pass', {
  deadlineMs: 10_000,
  request: Type.Object({ subject: PassSubject }),
  reply: Type.Object(signedPass),
});

/** A link that saves the pass. Fails as `GetApplePass`, and with `wallet.google_not_configured` (conflict). */
export const GetGoogleLink = defineCommand('loyalty', 'wallet.google-link', {
  deadlineMs: 15_000,
  request: Type.Object({ subject: PassSubject }),
  reply: Type.Object({ url: Type.String() }),
});

const device = Type.String({ minLength: 1, maxLength: 200 });
const onePass = {
  passTypeIdentifier: Type.String({ maxLength: 200 }),
  serialNumber: Type.String({ maxLength: 100 }),
  /** The pass's own; compared in constant time. */
  authenticationToken: Type.String({ maxLength: 200 }),
};
const unauthorized = Type.Object({ outcome: Type.Literal('unauthorized') });

/** A phone says where it can be reached about a pass (PassKit web service). */
export const RegisterDevice = defineCommand('loyalty', 'wallet.device-register', {
  request: Type.Object({
    ...onePass,
    device,
    pushToken: Type.String({ minLength: 1, maxLength: 400 }),
  }),
  reply: Type.Union([Type.Object({ outcome: OneOf(['registered', 'known'] as const) }), unauthorized]),
});
export const UnregisterDevice = defineCommand('loyalty', 'wallet.device-unregister', {
  request: Type.Object({ ...onePass, device }),
  reply: Type.Union([Type.Object({ outcome: Type.Literal('unregistered') }), unauthorized]),
});
/** The passes on a phone that changed since `since`, a `lastUpdated` of before; none of them: an empty list. */
export const ListChangedPasses = defineCommand('loyalty', 'wallet.passes-changed', {
  request: Type.Object({
    device,
    passTypeIdentifier: onePass.passTypeIdentifier,
    since: Type.Optional(Type.String({ maxLength: 100 })),
  }),
  reply: Type.Object({ serialNumbers: Type.Array(Type.String()), lastUpdated: Type.String() }),
});
/** A phone reads a pass it has. `ifModifiedSince`: whole seconds, as HTTP dates are. */
export const FetchPass = defineCommand('loyalty', 'wallet.pass-fetch', {
  deadlineMs: 10_000,
  request: Type.Object({ ...onePass, ifModifiedSince: Type.Optional(Instant()) }),
  reply: Type.Union([
    Type.Object({ outcome: Type.Literal('pass'), ...signedPass }),
    Type.Object({ outcome: Type.Literal('unchanged'), changedAt: Instant() }),
    unauthorized,
  ]),
});
/** What a phone complains about; it is logged. */
export const RecordDeviceLog = defineCommand('loyalty', 'wallet.device-log', {
  request: Type.Object({ logs: Type.Array(Type.String({ maxLength: 2_000 }), { maxItems: 100 }) }),
  reply: Type.Object({}),
});

export const walletPushJobStatuses = ['queued', 'running', 'done'] as const;

/** A message to every wallet that holds the card. `devices` were there when it was asked for; `done`: told so far. */
export const WalletPushJob = Type.Object({
  id: Id('job'),
  accountId: Id('account'),
  cardId: Nullable(Type.String()),
  status: OneOf(walletPushJobStatuses),
  message: Nullable(Type.String()),
  devices: Type.Integer(),
  done: Type.Integer(),
  createdAt: Instant(),
  finishedAt: Nullable(Instant()),
});
export type WalletPushJob = Static<typeof WalletPushJob>;

/** Fails with `card.not_found`. */
export const PushToCard = defineCommand('loyalty', 'wallet.push', {
  request: Type.Object({
    accountId: Id('account'),
    cardId: Type.String({ maxLength: 48 }),
    message: Type.String({ minLength: 1, maxLength: 1_000 }),
  }),
  reply: WalletPushJob,
});
/** To the wallets that hold the coupon's pass, at once; `devices`: how many those are. */
export const PushToCoupon = defineCommand('loyalty', 'wallet.push-coupon', {
  request: Type.Object({
    accountId: Id('account'),
    couponId: Type.String({ maxLength: 48 }),
    message: Type.String({ minLength: 1, maxLength: 1_000 }),
  }),
  reply: Type.Object({ devices: Type.Integer() }),
});
/** Fails with `job.not_found`. */
export const GetWalletPushJob = defineCommand('loyalty', 'wallet.push-job', {
  request: Type.Object({
    accountId: Id('account'),
    cardId: Type.String({ maxLength: 48 }),
    jobId: Type.String({ maxLength: 48 }),
  }),
  reply: WalletPushJob,
});

/** Tells loyalty's own workers that a wallet may be due to hear of a change; what is true is in the database. */
export const WalletDue = defineEvent(
  'loyalty',
  'wallet.due.v1',
  Type.Object({ walletId: Type.String({ maxLength: 300 }) }),
);
/** Tells loyalty's own workers that time alone has changed a pass: it has begun or ended. */
export const PassChangeDue = defineEvent(
  'loyalty',
  'pass.change_due.v1',
  Type.Object({ passId: Id('pass') }),
);
/** Tells loyalty's own workers to go on with a round over many passes, after that pass; null = from the beginning. */
export const WalletPushJobContinued = defineEvent(
  'loyalty',
  'wallet.push_job_continued.v1',
  Type.Object({ jobId: Id('job'), after: Nullable(Id('pass')) }),
);
