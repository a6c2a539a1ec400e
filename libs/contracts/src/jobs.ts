import { Type, type Static } from '@sinclair/typebox';
import { defineCommand } from './definitions';
import { Id, Instant, Nullable, OneOf, Page, PageRequest } from './values';

export const jobStatuses = ['queued', 'running', 'done', 'failed', 'paused', 'cancelled'] as const;
export const jobKinds = ['codes.generate', 'codes.import', 'distribution'] as const;

/** One fault of an input, as `FieldError` in JSON Schema. */
export const FieldErrorSchema = Type.Object({ path: Type.String(), message: Type.String() });

/** What its owner should look at although nothing was refused; `code` is a slug: `codes.guessable`, `codes.lengths_differ`. */
export const JobWarning = Type.Object({ code: Type.String(), message: Type.String() });
export type JobWarning = Static<typeof JobWarning>;

/**
 * Work that outlives its request. `done` counts what succeeded, `failed` what was refused; `errors` the first 100;
 * `warnings` what its owner should know although it succeeded.
 * `paused` goes on when it is resumed; `cancelled` keeps what was done.
 */
export const Job = Type.Object({
  id: Id('job'),
  accountId: Id('account'),
  kind: OneOf(jobKinds),
  campaignId: Nullable(Type.String()),
  status: OneOf(jobStatuses),
  done: Type.Integer(),
  total: Nullable(Type.Integer()),
  failed: Type.Integer(),
  errors: Type.Array(FieldErrorSchema),
  warnings: Type.Optional(Type.Array(JobWarning)),
  /** Why it was paused, when no one asked for that. */
  note: Type.Optional(Nullable(Type.String())),
  createdAt: Instant(),
  finishedAt: Nullable(Instant()),
});
export type Job = Static<typeof Job>;

/** Fails with `job.not_found`. */
export const GetJob = defineCommand('issuance', 'job.get', {
  request: Type.Object({ accountId: Id('account'), jobId: Type.String({ maxLength: 48 }) }),
  reply: Job,
});

export const jobActions = ['pause', 'resume', 'cancel'] as const;
/** Of lists. The same twice = no change. Fails with `job.not_found`, `job.not_controllable`, `job.finished`. */
export const ControlJob = defineCommand('issuance', 'job.control', {
  request: Type.Object({
    accountId: Id('account'),
    jobId: Type.String({ maxLength: 48 }),
    action: OneOf(jobActions),
  }),
  reply: Job,
});

/**
 * A row that could not be served: `line` as in the upload, `recipient` as it was written there ('' of a code, or of
 * a line that could not be read), `code` a slug.
 */
export const JobError = Type.Object({
  line: Type.Integer(),
  recipient: Type.String(),
  code: Type.String(),
  message: Type.String(),
});
export type JobError = Static<typeof JobError>;
/** Every row, by line; `cursor` is the last line seen. Fails with `job.not_found`, `request.invalid_cursor`. */
export const ListJobErrors = defineCommand('issuance', 'job.errors', {
  deadlineMs: 15_000,
  request: Type.Object({
    accountId: Id('account'),
    jobId: Type.String({ maxLength: 48 }),
    ...PageRequest,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })),
  }),
  reply: Page(JobError),
});
