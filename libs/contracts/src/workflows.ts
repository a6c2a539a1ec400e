/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { Type, type Static } from '@sinclair/typebox';
import { dataBounds, metadataBounds } from './bounds';
import { ContactInput } from './contacts';
import { MessageOverride, RecipientInput, issueChannels } from './coupons';
import { defineCommand, defineEvent } from './definitions';
import { EventType } from './events';
import { channels, FreeObject, Id, Instant, JsonObject, Nullable, OneOf, Page, PageRequest } from './values';

/** `${params.total}`: a value of the run in place of one that is written down; it keeps its type where it stands alone. */
const reference = Type.String({
  'x-form': 'a reference such as ${params.total}',
  pattern: '^\\$\\{[^{}]{1,200}\\}$',
});
const steps = Type.Optional(Type.Array(JsonObject(), { maxItems: 200 }));
const duration = Type.String({ minLength: 2, maxLength: 50, description: 'ISO 8601: `P3D`, `PT30M`.' });

/** JsonLogic (jsonlogic.com), of a closed list of operators. */
const Logic = Type.Unknown({ description: 'JsonLogic: `{">": [{"var": "params.total"}, 100]}`.' });

/** What follows each step's name in a definition. Texts within may refer to `params`, `contact`, `steps`, `event`, `key`. */
export const stepSchemas = {
  condition: Type.Object({ if: Logic, then: steps, else: steps }),
  delay: Type.Object({
    for: Type.Optional(duration),
    until: Type.Optional(
      Type.Object({
        time: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
        weekday: Type.Optional(OneOf(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const)),
        zone: Type.Optional(
          Type.String({ maxLength: 64, description: '`contact` (the default), `campaign`, or IANA.' }),
        ),
      }),
    ),
  }),
  issueCoupon: Type.Object({
    campaignId: Type.String({ minLength: 1, maxLength: 200 }),
    channel: Type.Optional(Type.Union([OneOf(issueChannels), reference])),
    recipient: Type.Optional(RecipientInput),
    offerId: Type.Optional(Type.String({ maxLength: 200 })),
    message: Type.Optional(MessageOverride),
    source: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 200 }), { maxProperties: 20 })),
    metadata: Type.Optional(FreeObject(50, metadataBounds)),
  }),
  sendMessage: Type.Object({
    templateId: Type.String({ minLength: 1, maxLength: 200 }),
    channel: Type.Optional(OneOf(channels)),
    to: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
    languageCode: Type.Optional(Type.String({ maxLength: 200 })),
    data: Type.Optional(FreeObject(200, dataBounds)),
  }),
  awardPoints: Type.Object(
    {
      cardId: Type.String({ minLength: 1, maxLength: 200 }),
      points: Type.Union([Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000 }), reference]),
      reference: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      reason: Type.Optional(Type.String({ maxLength: 500 })),
    },
    {
      description:
        'To the member that the event is about, else the one with the contact’s externalId, or where it has none its ' +
        'e-mail, or else its phone; she is put on the card where she is not on it. No one is made a member by it: for ' +
        'someone who is none the step is refused with `member.not_found`, for an event without a contact with ' +
        '`points.member_required`, and for more than they have (`points` below 0) with `points.insufficient`.',
    },
  ),
  webhook: Type.Object({
    url: Type.String({ minLength: 1, maxLength: 2_000 }),
    method: Type.Optional(OneOf(['POST', 'PUT', 'PATCH', 'GET', 'DELETE'] as const)),
    body: Type.Optional(Type.Unknown()),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]{1,100}$' }), Type.String({ maxLength: 2_000 }), {
        additionalProperties: false,
        maxProperties: 20,
      }),
    ),
  }),
  waitFor: Type.Object({
    event: EventType,
    within: duration,
    match: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 100 }),
        Type.Union([Type.String({ maxLength: 300 }), Type.Number(), Type.Boolean()]),
        {
          minProperties: 1,
          maxProperties: 5,
          description:
            'Parameters that the event must have. Else the coupon or message of the step before, or the contact.',
        },
      ),
    ),
    then: steps,
    else: steps,
  }),
  stop: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) }),
} as const;
export const stepKinds = Object.keys(stepSchemas) as (keyof typeof stepSchemas)[];
export type StepKind = keyof typeof stepSchemas;

/** How a step is written: `{name?, onError?, <kind>: {…}}`, with exactly one kind. */
export const WorkflowStep = Type.Object({
  name: Type.Optional(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' })),
  /** What becomes of the run when the step was refused, or its retries are used up; `fail` by default. */
  onError: Type.Optional(OneOf(['fail', 'continue'] as const)),
  ...Type.Partial(Type.Object(stepSchemas)).properties,
});
export type WorkflowStep = Static<typeof WorkflowStep>;

export const repeatPeriods = ['day', 'week', 'month'] as const;

/**
 * `repeat`: how often the same key starts a run. `once` (by default), `every`, or once a calendar period of the
 * workflow's zone. `filter`: JsonLogic over `params`, `contact`, `event`, `key`.
 */
export const Trigger = Type.Object({
  event: EventType,
  repeat: Type.Optional(
    Type.Union([
      OneOf(['every', 'once'] as const),
      Type.Object({ oncePer: OneOf(repeatPeriods) }, { additionalProperties: false }),
    ]),
  ),
  filter: Type.Optional(Logic),
});
export type Trigger = Static<typeof Trigger>;

/** `paused`: starts nothing; runs under way go on. */
export const workflowStatuses = ['active', 'paused'] as const;

const changeable = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  trigger: Trigger,
  /** Each a `WorkflowStep`; checked step by step where the definition is kept. */
  steps: Type.Array(JsonObject(), { maxItems: 200 }),
  status: Type.Optional(OneOf(workflowStatuses)),
  /** IANA; UTC by default. */
  timezone: Type.Optional(Type.String({ maxLength: 64 })),
};
/** The body of `POST /v1/workflows`. */
export const WorkflowInput = Type.Object(changeable);
export type WorkflowInput = Static<typeof WorkflowInput>;
/** What is named replaces. */
export const WorkflowPatch = Type.Partial(WorkflowInput);
export type WorkflowPatch = Static<typeof WorkflowPatch>;

/** `version` grows with each change of trigger, steps or zone; runs finish on the one they began with. */
export const Workflow = Type.Object({
  id: Id('workflow'),
  accountId: Id('account'),
  name: Type.String(),
  status: OneOf(workflowStatuses),
  timezone: Type.String(),
  trigger: Trigger,
  steps: Type.Array(JsonObject()),
  version: Type.Integer(),
  createdAt: Instant(),
  updatedAt: Instant(),
});
export type Workflow = Static<typeof Workflow>;

const withWorkflow = { accountId: Id('account'), workflowId: Type.String({ maxLength: 48 }) };

/**
 * Fails with `workflow.invalid`, whose `errors` name the step by its path; with `service.unavailable` while campaigns,
 * templates or cards that it names cannot be looked up.
 */
export const CreateWorkflow = defineCommand('automation', 'workflow.create', {
  deadlineMs: 10_000,
  request: Type.Object({ accountId: Id('account'), workflow: WorkflowInput }),
  reply: Workflow,
});
/** Fails with `workflow.not_found` and as `workflow.create`. */
export const UpdateWorkflow = defineCommand('automation', 'workflow.update', {
  deadlineMs: 10_000,
  request: Type.Object({ ...withWorkflow, patch: WorkflowPatch }),
  reply: Workflow,
});
/** Fails with `workflow.not_found`. */
export const GetWorkflow = defineCommand('automation', 'workflow.get', {
  request: Type.Object(withWorkflow),
  reply: Workflow,
});
/**
 * It starts nothing more, and its runs under way end as `cancelled`; runs stay readable for as long as they are kept.
 * Fails with `workflow.not_found`.
 */
export const DeleteWorkflow = defineCommand('automation', 'workflow.delete', {
  deadlineMs: 30_000,
  request: Type.Object(withWorkflow),
  reply: Type.Object({}),
});
/** Newest first. Fails with `request.invalid_cursor`. */
export const ListWorkflows = defineCommand('automation', 'workflow.list', {
  request: Type.Object({
    accountId: Id('account'),
    status: Type.Optional(OneOf(workflowStatuses)),
    ...PageRequest,
  }),
  reply: Page(Workflow),
});

/**
 * `waiting`: for an instant or an event; `failed`: rests until it is told to retry; `cancelled`: ended by its workflow's
 * deletion.
 */
export const runStatuses = ['running', 'waiting', 'completed', 'stopped', 'failed', 'cancelled'] as const;
export const runStepStatuses = ['running', 'waiting', 'done', 'skipped', 'failed', 'cancelled'] as const;

const StepError = Type.Object({ code: Type.String(), message: Type.String() });

/**
 * A step that a run took or is at. `path`: JSON Pointer into the definition. `skipped`: it failed, and the run went on
 * (`onError: continue`). `input`: as rendered, without secrets.
 */
export const RunStep = Type.Object({
  path: Type.String(),
  name: Nullable(Type.String()),
  kind: Type.String(),
  status: OneOf(runStepStatuses),
  attempts: Type.Integer(),
  startedAt: Instant(),
  finishedAt: Nullable(Instant()),
  dueAt: Nullable(Instant()),
  input: Type.Unknown(),
  output: Type.Unknown(),
  error: Nullable(StepError),
});
export type RunStep = Static<typeof RunStep>;

export const Run = Type.Object({
  id: Id('run'),
  accountId: Id('account'),
  workflowId: Id('workflow'),
  version: Type.Integer(),
  status: OneOf(runStatuses),
  event: Type.String(),
  key: Type.String(),
  contact: Nullable(ContactInput),
  params: JsonObject(),
  startedAt: Instant(),
  finishedAt: Nullable(Instant()),
  /** When it goes on by itself. */
  dueAt: Nullable(Instant()),
  error: Nullable(StepError),
});
export type Run = Static<typeof Run>;
export const RunWithSteps = Type.Composite([Run, Type.Object({ steps: Type.Array(RunStep) })]);
export type RunWithSteps = Static<typeof RunWithSteps>;

/** Newest first; also of a deleted workflow while any are kept. Fails with `workflow.not_found`, `request.invalid_cursor`. */
export const ListRuns = defineCommand('automation', 'run.list', {
  request: Type.Object({ ...withWorkflow, status: Type.Optional(OneOf(runStatuses)), ...PageRequest }),
  reply: Page(Run),
});
const withRun = { ...withWorkflow, runId: Type.String({ maxLength: 48 }) };
/** Fails with `run.not_found`. */
export const GetRun = defineCommand('automation', 'run.get', {
  request: Type.Object(withRun),
  reply: RunWithSteps,
});
/** Goes on from the step that failed. Fails with `run.not_found`, `run.not_failed`; `workflow.not_found` once that is deleted. */
export const RetryRun = defineCommand('automation', 'run.retry', {
  request: Type.Object(withRun),
  reply: RunWithSteps,
});

/** Work, not news: runs that have something to do, for whichever worker is free. */
export const RunDue = defineEvent('automation', 'run.due.v1', Type.Object({ runId: Id('run') }));
