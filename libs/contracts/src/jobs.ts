import { Type, type Static } from '@sinclair/typebox';
import { defineCommand } from './definitions';
import { Id, Instant, Nullable, OneOf } from './values';

export const jobStatuses = ['queued', 'running', 'done', 'failed'] as const;
export const jobKinds = ['codes.generate', 'codes.import'] as const;

/** One fault of an input, as `FieldError` in JSON Schema. */
export const FieldErrorSchema = Type.Object({ path: Type.String(), message: Type.String() });

/** Work that outlives its request. `done` counts what succeeded, `failed` what was refused; `errors` the first 100. */
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
  createdAt: Instant(),
  finishedAt: Nullable(Instant()),
});
export type Job = Static<typeof Job>;

/** Fails with `job.not_found`. */
export const GetJob = defineCommand('issuance', 'job.get', {
  request: Type.Object({ accountId: Id('account'), jobId: Type.String({ maxLength: 48 }) }),
  reply: Job,
});
