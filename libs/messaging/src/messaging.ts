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
import { addDeadLetterCommands } from './inbox/dead-letter-commands';
import { DeadLetters } from './inbox/dead-letters';
import { consumeDeadMessages } from './inbox/dead-messages';
import { EventProcessor, type EventHandler } from './inbox/event-processor';
import { startInboxCleaning } from './inbox/inbox-cleaning';
import { QueueConsumer, type QueueConsumerOptions } from './inbox/queue-consumer';
import { defaultRetryPolicy, type RetryPolicy } from './inbox/retry-policy';
import { silentLogger, type MessagingLogger } from './logger';
import { MessagingServer, onQueue } from './messaging-server';
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
  /** Names of the queues that this process consumes; default: all queues of its service. */
  consume?: readonly string[];
  /** Whether this process answers its service's commands; default: true. */
  answer?: boolean;
  retry?: Partial<RetryPolicy>;
  /** How long the relay's lease of outbox rows lasts without renewal; default: ten seconds. */
  leaseMs?: number;
}

/** A service's open messaging: give `server` to Nest as its strategy; the other members can be used immediately. */
export interface Messaging {
  readonly server: MessagingServer;
  readonly commands: CommandClient;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly broadcasts: Broadcasts;
  /** Rejects while messages cannot be sent. */
  check(): Promise<void>;
  /**
   * Starts the relay without a Nest server, for a process that only sends commands and publishes events (a gateway).
   */
  start(): Promise<void>;
  /** Waits for messages and commands in progress, then stops the relay and closes the connections. Idempotent. */
  close(): Promise<void>;
}

const commands = new Map<string, CommandDefinition>(
  (Object.values(contracts) as unknown[]).filter(isCommand).map((command) => [command.name, command]),
);

const rpcPrefetch = 64;

/** Connects a service to the others over `transport`. */
export async function openMessaging(options: MessagingOptions): Promise<Messaging> {
  const { service, transport, dataSource, logger = silentLogger, answer = true } = options;
  const policy = { ...defaultRetryPolicy, ...options.retry };
  const link = await transport.connect(service);
  const outbox = new Outbox(dataSource);
  const relay = new Relay(service, dataSource, transport, link, logger, options.leaseMs);
  outbox.onWake((queues) => relay.wake(queues));
  const deadLetters = new DeadLetters(dataSource, outbox);
  const commandServer = new CommandServer(logger);
  const broadcasts = new Broadcasts();
  const consumers: QueueConsumer[] = [];
  const otherConsumers: Consumer[] = [];
  let started: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  let stopCleaning: () => void = () => undefined;

  const begin = async (): Promise<void> => {
    stopCleaning = startInboxCleaning(dataSource, logger);
    const types = (broadcastTypes[service] ?? []).map(({ type }) => type);
    if (types.length > 0)
      otherConsumers.push(
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
      const queueHandlers = new Map<string, EventHandler>();
      for (const { type } of queue.types) {
        const handler = handlers.get(onQueue(queue.name, type)) ?? handlers.get(type);
        if (!handler)
          throw new Error(`${queue.name} is bound to ${type}, but ${service} has no handler for it`);
        queueHandlers.set(type, handler);
      }
      const processor = new EventProcessor(queue, queueHandlers, outbox, policy, logger);
      const consumer = new QueueConsumer(
        link,
        queue,
        { ...consumerOptions(queue), pauseMs: recordingPauses(policy, 5_000) },
        (messages, isLastTry) => processor.process(messages, isLastTry),
        logger,
      );
      await consumer.start();
      consumers.push(consumer);
    }
    // Only a service with queues has a queue of dead messages.
    if (queues.some((queue) => queue.service === service))
      otherConsumers.push(
        await consumeDeadMessages(service, link, outbox, recordingPauses(policy, 30_000), logger),
      );
    if (!answer) return;
    for (const [pattern, handler] of handlers) {
      const definition = commands.get(pattern);
      if (definition) commandServer.add(definition, handler);
    }
    if (service !== 'gateway') addDeadLetterCommands(service, deadLetters, commandServer);
    otherConsumers.push(await link.respond(service, rpcPrefetch, (message) => commandServer.answer(message)));
  };

  const close = async (): Promise<void> => {
    stopCleaning();
    await Promise.all(otherConsumers.map((consumer) => consumer.stop()));
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
      link.isReady() ? Promise.resolve() : Promise.reject(new Error('the message broker is unavailable')),
    start: () => (started ??= begin()),
    close: closeOnce,
  };
}

/** Pauses between tries to process or record a message: from 0.1 s (less when the retry policy is faster) to `max`. */
const recordingPauses = ({ baseMs, maxMs }: RetryPolicy, max: number) => ({
  first: Math.min(baseMs / 10, 100),
  max: Math.min(maxMs, max),
});

function consumerOptions({ mode, bulky }: QueueDefinition): Omit<QueueConsumerOptions, 'pauseMs'> {
  // Fifty events of four hundred items in one transaction would block the process for seconds.
  if (bulky) return { prefetch: 4, messagesPerBatch: 1, concurrency: 1 };
  if (mode === 'work') return { prefetch: 64, messagesPerBatch: 16, concurrency: 8 };
  // No longer window for batched types: they share the queue with other events (100 ms delayed issuance's events by
  // 85 ms at p99).
  const batchWindowMs = { min: 4, max: 20 };
  return { prefetch: 200, messagesPerBatch: 50, concurrency: 2, batchWindowMs };
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
