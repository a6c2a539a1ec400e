import type { Static, TSchema } from '@sinclair/typebox';

/** Every service that answers commands or consumes events. */
export const services = [
  'gateway',
  'issuance',
  'redemption',
  'notification',
  'loyalty',
  'automation',
  'insights',
] as const;
export type ServiceName = (typeof services)[number];

/**
 * A command: asked of one service, answered or refused before its deadline, not executed after it.
 * `batch: true` = the handler takes an array of requests (already validated) and returns an array of
 * `Reply | DomainError`, one for each request, in the same order; the caller's client sends what has
 * gathered as one message. Otherwise the handler takes one request and returns one reply.
 */
export interface CommandDefinition<Q extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly name: string;
  readonly service: ServiceName;
  readonly batch: boolean;
  readonly deadlineMs: number;
  readonly request: Q;
  readonly reply: R;
}

/**
 * An event: told after the fact, to anyone who listens. One event carries 1 to 500 items of one shape, so
 * that a batch of changes is one message; its handler takes the items.
 */
export interface EventDefinition<I extends TSchema = TSchema> {
  /** Past tense, with its version: `coupon.issued.v1`. It is the routing key too. */
  readonly type: string;
  readonly source: ServiceName;
  readonly item: I;
}

export type RequestOf<C extends CommandDefinition> = Static<C['request']>;
export type ReplyOf<C extends CommandDefinition> = Static<C['reply']>;
export type ItemOf<E extends EventDefinition> = Static<E['item']>;

export const maxItemsPerEvent = 500;

const commands: CommandDefinition[] = [];
const events: EventDefinition[] = [];

/** Every command that is defined, by name. */
export const definedCommands = (): CommandDefinition[] =>
  commands.toSorted((one, other) => (one.name < other.name ? -1 : 1));

/** Every event that is defined, by type. */
export const definedEvents = (): EventDefinition[] =>
  events.toSorted((one, other) => (one.type < other.type ? -1 : 1));

interface CommandOptions<Q extends TSchema, R extends TSchema> {
  request: Q;
  reply: R;
  batch?: boolean;
  /** How long the caller waits at most; milliseconds, 5,000 by default. */
  deadlineMs?: number;
}

export function defineCommand<Q extends TSchema, R extends TSchema>(
  service: ServiceName,
  name: string,
  { request, reply, batch = false, deadlineMs = 5_000 }: CommandOptions<Q, R>,
): CommandDefinition<Q, R> {
  const command = Object.freeze({ name: `${service}.${name}`, service, batch, deadlineMs, request, reply });
  commands.push(command);
  return command;
}

export function defineEvent<I extends TSchema>(
  source: ServiceName,
  type: string,
  item: I,
): EventDefinition<I> {
  const event = Object.freeze({ type, source, item });
  events.push(event);
  return event;
}
