import { Type, type Static } from '@sinclair/typebox';
import { metadataBounds } from './bounds';
import { issueChannels, MessageOverride, RecipientInput, Source } from './coupons';
import { defineCommand } from './definitions';
import { FieldErrorSchema, Job } from './jobs';
import { FreeObject, Id, OneOf } from './values';

/**
 * One row of a list. `code`: the code they are to get (pre-assignment); it must be a free one of the campaign's stack,
 * or, where codes are generated, a new one. `line` counts from 1 and counts the header; of JSON it is the position.
 */
export const ListRow = Type.Object({
  line: Type.Integer({ minimum: 1 }),
  recipient: RecipientInput,
  code: Type.Optional(Type.String({ maxLength: 200 })),
  offerId: Type.Optional(Type.String({ maxLength: 48 })),
  source: Type.Optional(Source),
  metadata: Type.Optional(FreeObject(50, metadataBounds)),
});
export type ListRow = Static<typeof ListRow>;

/**
 * A list travels in chunks: begin → append (in order, `chunk` from 0) → finish, or abandon. No one is served before
 * finish. A chunk sent twice counts once. `channel` none = coupons are given and nothing is sent. Begin fails with
 * `campaign.not_found`, `campaign.not_active`, `campaign.ended`, `campaign.is_game`.
 */
export const BeginDistribution = defineCommand('issuance', 'distribution.begin', {
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    channel: OneOf(issueChannels),
    message: Type.Optional(MessageOverride),
    /** Of rows that name none. */
    source: Type.Optional(Source),
  }),
  reply: Job,
});
export const AppendRecipients = defineCommand('issuance', 'distribution.append', {
  deadlineMs: 30_000,
  request: Type.Object({
    accountId: Id('account'),
    jobId: Type.String({ maxLength: 48 }),
    chunk: Type.Integer({ minimum: 0 }),
    rows: Type.Array(ListRow, { maxItems: 5_000 }),
    /** Rows that could not be read; `path` is `/lines/N`. */
    faults: Type.Optional(Type.Array(FieldErrorSchema, { maxItems: 5_000 })),
  }),
  reply: Type.Object({}),
});
export const FinishDistribution = defineCommand('issuance', 'distribution.finish', {
  request: Type.Object({
    accountId: Id('account'),
    jobId: Type.String({ maxLength: 48 }),
    /** True = the upload broke off: nothing of it is kept. */
    abandon: Type.Optional(Type.Boolean()),
  }),
  reply: Job,
});
