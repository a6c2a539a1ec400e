import { Type, type Static } from '@sinclair/typebox';
import { defineCommand, defineEvent } from './definitions';
import { FieldErrorSchema, Job } from './jobs';
import { Id, Instant, Nullable, Page, PageRequest } from './values';

/**
 * Queues a job that generates `count` codes into the campaign's stack. Fails with `campaign.not_found`,
 * `codes.not_generated` (it lives on imported codes), `codes.format_too_small`.
 */
export const GenerateCodes = defineCommand('issuance', 'codes.generate', {
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    count: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
  }),
  reply: Job,
});

/**
 * An import travels in chunks: begin → append (in order, `chunk` from 0) → finish, or abandon. Nothing of it
 * can be issued before finish. A chunk sent twice counts once. Begin fails with `campaign.not_found`,
 * `codes.not_imported`.
 */
export const BeginCodeImport = defineCommand('issuance', 'codes.import.begin', {
  request: Type.Object({ accountId: Id('account'), campaignId: Type.String({ maxLength: 48 }) }),
  reply: Job,
});
export const AppendCodes = defineCommand('issuance', 'codes.import.append', {
  deadlineMs: 30_000,
  request: Type.Object({
    accountId: Id('account'),
    jobId: Type.String({ maxLength: 48 }),
    chunk: Type.Integer({ minimum: 0 }),
    /** Lines count from 1, the header included; a record is named by the line on which it begins. */
    lines: Type.Array(
      Type.Object({
        line: Type.Integer(),
        code: Type.String(),
        /** The code's own end as the file has it: a date means the end of that day in the campaign's zone. */
        expires: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      { maxItems: 10_000 },
    ),
    /** Lines that could not be read as CSV. */
    faults: Type.Optional(Type.Array(FieldErrorSchema, { maxItems: 10_000 })),
  }),
  reply: Type.Object({}),
});
export const FinishCodeImport = defineCommand('issuance', 'codes.import.finish', {
  request: Type.Object({
    accountId: Id('account'),
    jobId: Type.String({ maxLength: 48 }),
    /** True = the upload broke off: nothing of it is kept. */
    abandon: Type.Optional(Type.Boolean()),
  }),
  reply: Job,
});

export const stackCodeStates = ['free', 'given'] as const;

/** A page of the stack, in the order in which codes are given out. `cursor` is the last ticket seen. Fails with `request.invalid_cursor`. */
export const ListCodes = defineCommand('issuance', 'codes.list', {
  deadlineMs: 15_000,
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    ...PageRequest,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  }),
  reply: Page(
    Type.Object({
      code: Type.String(),
      couponId: Nullable(Type.String()),
      /** The end that the import gave it. */
      validTo: Type.Optional(Nullable(Instant())),
    }),
  ),
});
export type StackCode = Static<(typeof ListCodes)['reply']>['data'][number];

/** Fires when the stack falls to the campaign's `lowStock`; once until it was above it again. */
export const CodesLowStock = defineEvent(
  'issuance',
  'codes.low_stock_reached.v1',
  Type.Object({
    accountId: Id('account'),
    campaignId: Id('campaign'),
    stock: Type.Integer(),
    lowStock: Type.Integer(),
    at: Instant(),
  }),
);
