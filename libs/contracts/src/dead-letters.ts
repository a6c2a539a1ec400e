import { Type, type Static } from '@sinclair/typebox';
import { defineCommand, services, type ServiceName } from './definitions';
import { Instant, Nullable } from './values';

/** Who consumes events, and so may give up on one. */
export const deadLetterServices = services.filter((service) => service !== 'gateway');
export type DeadLetterService = Exclude<ServiceName, 'gateway'>;

const id = Type.String({ pattern: '^[1-9][0-9]{0,17}$' });

/** A message that a service gave up on. `queue`: whose handler failed; `reason`: its error; `attempts`: how often it was tried. */
export const DeadLetterView = Type.Object({
  id,
  queue: Type.String(),
  eventId: Nullable(Type.String()),
  type: Nullable(Type.String()),
  reason: Type.String(),
  attempts: Type.Integer(),
  deadAt: Instant(),
});
export type DeadLetterView = Static<typeof DeadLetterView>;

/** `body`: a JSON array of CloudEvents, or whatever arrived if it was not one. */
export const DeadLetterWithBody = Type.Object({ ...DeadLetterView.properties, body: Type.String() });

const commandsOf = (service: DeadLetterService) => ({
  /** Newest first, those before that id. */
  list: defineCommand(service, 'dead-letter.list', {
    request: Type.Object({
      before: Type.Optional(id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 501 })),
    }),
    reply: Type.Object({ data: Type.Array(DeadLetterView) }),
  }),
  /** Fails with `dead_letter.not_found`. */
  get: defineCommand(service, 'dead-letter.get', { request: Type.Object({ id }), reply: DeadLetterWithBody }),
  /** Puts it back on its queue, as new. Fails with `dead_letter.not_found`, `dead_letter.unreadable`. */
  replay: defineCommand(service, 'dead-letter.replay', {
    request: Type.Object({ id }),
    reply: Type.Object({}),
  }),
});

/** Of all accounts: what a service gave up on is its operator's to see. Every service answers them by itself. */
export const deadLetterCommands = Object.fromEntries(
  deadLetterServices.map((service) => [service, commandsOf(service)]),
) as Readonly<Record<DeadLetterService, ReturnType<typeof commandsOf>>>;
