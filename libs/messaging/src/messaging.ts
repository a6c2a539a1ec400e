import {
  broadcasts as broadcastTypes,
  queues,
  type CommandDefinition,
  type QueueDefinition,
  type ServiceName,
} from '@tearoff/contracts';
import * as contracts from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import { Broadcasts } from './broadcasts';
import { answerDeadLetters } from './inbox/dead-letter-commands';
import { DeadLetters } from './inbox/dead-letters';
import { consumeDeadMessages } from './inbox/dead-messages';
import { EventProcessor, type EventHandler } from './inbox/event-processor';
import { startInboxCleaning } from './inbox/inbox-cleaning';
import { QueueConsumer, type QueueConsumerOptions } from './inbox/queue-consumer';
import { defaultRetryPolicy, type RetryPolicy } from './inbox/retry-policy';
import type { MessagingLogger } from './logger';
import { onQueue } from './on-queue';
import { MessagingServer } from './messaging-server';
import { Outbox } from './outbox/outbox';
import { Relay } from './outbox/relay';
import { CommandClient } from './rpc/command-client';
import { CommandServer } from './rpc/command-server';
import type { Consumer, Transport } from './transport';

export interface MessagingOptions {
  service: ServiceName;
  transport: Transport;
  /** This service's database, with `messagingEntities` and `messagingMigrations` in it. */
  dataSource: DataSource;
  logger?: MessagingLogger;
  /** Names of the queues that this process consumes; all of its service's by default. */
  consume?: readonly string[];
  /** Whether this process answers its service's commands; true by default. */
  answer?: boolean;
  retry?: Partial<RetryPolicy>;
  /** How long a relay holds outbox rows without renewing that; ten seconds unless given. */
  leaseMs?: number;
}

/** A service's messaging, opened: hand `server` to Nest as its strategy; the rest may be used at once. */
export interface Messaging {
  readonly server: MessagingServer;
  readonly commands: CommandClient;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly broadcasts: Broadcasts;
  /** Rejects while messages cannot be sent. */
  check(): Promise<void>;
  /** Relays without a Nest server, for a process that only asks and tells (a gateway). */
  start(): Promise<void>;
  /** Finishes what is in hand: consumers, answers, relay, connections. Again = no change. */
  close(): Promise<void>;
}

const commands = new Map<string, CommandDefinition>(
  (Object.values(contracts) as unknown[]).filter(isCommand).map((command) => [command.name, command]),
);

const silent: MessagingLogger = { log: () => undefined, warn: () => undefined, error: () => undefined };
const rpcPrefetch = 64;

/** Connects a service to the others over `transport`. */
export async function openMessaging(options: MessagingOptions): Promise<Messaging> {
  const { service, transport, dataSource, logger = silent, answer = true } = options;
  const policy = { ...defaultRetryPolicy, ...options.retry };
  const link = await transport.connect(service);
  const outbox = new Outbox(dataSource);
  const relay = new Relay(service, dataSource, transport, link, logger, options.leaseMs);
  outbox.onWake((queues) => relay.wake(queues));
  const deadLetters = new DeadLetters(dataSource, outbox);
  const commandServer = new CommandServer(logger);
  const broadcasts = new Broadcasts();
  const consumers: QueueConsumer[] = [];
  const others: Consumer[] = [];
  let started: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  let stopCleaning: () => void = () => undefined;

  const begin = async (): Promise<void> => {
    stopCleaning = startInboxCleaning(dataSource, logger);
    const types = (broadcastTypes[service] ?? []).map(({ type }) => type);
    if (types.length > 0)
      others.push(
        await link.listen(service, types, (body) =>
          broadcasts.deliver(body, (error) => logger.warn(`a broadcast was not handled: ${String(error)}`)),
        ),
      );
    relay.start();
  };

  const start = async (
    handlers: Parameters<ConstructorParameters<typeof MessagingServer>[0]['start']>[0],
  ) => {
    await (started ??= begin());
    for (const queue of ownQueues(service, options.consume)) {
      const handled = new Map<string, EventHandler>();
      for (const { type } of queue.types) {
        const handler = handlers.get(onQueue(queue.name, type)) ?? handlers.get(type);
        if (!handler)
          throw new Error(`${queue.name} is bound to ${type}, which ${service} has no handler for`);
        handled.set(type, handler);
      }
      const processor = new EventProcessor(queue, handled, outbox, policy, logger);
      const consumer = new QueueConsumer(
        link,
        queue,
        { ...handling(queue), pauseMs: pausesOf(policy, 5_000) },
        (messages, isLastTry) => processor.process(messages, isLastTry),
        logger,
      );
      await consumer.start();
      consumers.push(consumer);
    }
    // A service that consumes nothing has no queue for dead messages either.
    if (queues.some((queue) => queue.service === service))
      others.push(await consumeDeadMessages(service, link, outbox, pausesOf(policy, 30_000), logger));
    if (!answer) return;
    for (const [pattern, handler] of handlers) {
      const definition = commands.get(pattern);
      if (definition) commandServer.add(definition, handler);
    }
    if (service !== 'gateway') answerDeadLetters(service, deadLetters, commandServer);
    others.push(await link.respond(service, rpcPrefetch, (message) => commandServer.answer(message)));
  };

  const close = async (): Promise<void> => {
    stopCleaning();
    await Promise.all(others.map((consumer) => consumer.stop()));
    await Promise.all([commandServer.drain(), ...consumers.map((consumer) => consumer.stop())]);
    await relay.stop();
    await link.close();
  };
  const closeOnce = (): Promise<void> => (closed ??= close());

  return {
    server: new MessagingServer({ start, stop: closeOnce }),
    commands: new CommandClient(link),
    outbox,
    deadLetters,
    broadcasts,
    check: () =>
      link.isReady() ? Promise.resolve() : Promise.reject(new Error('the message broker is away')),
    start: () => (started ??= begin()),
    close: closeOnce,
  };
}

/** Before what failed to be recorded is tried again: a tenth of a second at first, unless events are retried sooner. */
const pausesOf = ({ baseMs, maxMs }: RetryPolicy, most: number) => ({
  first: Math.min(baseMs / 10, 100),
  most: Math.min(maxMs, most),
});

function handling({ mode, bulky }: QueueDefinition): Omit<QueueConsumerOptions, 'pauseMs'> {
  // Fifty events of four hundred items in one transaction would hold the process up for seconds.
  if (bulky) return { prefetch: 4, messagesPerGroup: 1, concurrency: 1 };
  if (mode === 'work') return { prefetch: 64, messagesPerGroup: 16, concurrency: 8 };
  // Not longer for what may gather: it shares its queue with what may not (100 ms cost issuance's news 85 ms at p99).
  const batchWindowMs = { least: 4, most: 20 };
  return { prefetch: 200, messagesPerGroup: 50, concurrency: 2, batchWindowMs };
}

function ownQueues(service: ServiceName, names: readonly string[] | undefined): QueueDefinition[] {
  const own = queues.filter((queue) => queue.service === service);
  const unknown = names?.find((name) => !own.some((queue) => queue.name === name));
  if (unknown) throw new Error(`${service} has no queue named ${unknown}`);
  return names ? own.filter((queue) => names.includes(queue.name)) : own;
}

function isCommand(value: unknown): value is CommandDefinition {
  return (
    typeof value === 'object' && value !== null && 'batch' in value && 'reply' in value && 'service' in value
  );
}
