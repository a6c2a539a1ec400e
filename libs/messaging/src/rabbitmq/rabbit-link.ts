import { broadcasts, type QueueDefinition, type ServiceName } from '@tearoff/contracts';
import type { ConfirmChannel, ConsumeMessage, RecoveringChannelModel } from 'amqplib';
import type { MessagingLogger } from '../logger';
import type { CommandMessage, ReplyMessage } from '../rpc/rpc-message';
import { readBody } from '../inbox/received-event';
import type { Consumer, DeadMessage, IncomingMessage, Link, OutgoingMessage, Responder } from '../transport';
import { RecoveringChannel } from './recovering-channel';
import { RabbitPublisher } from './rabbit-publisher';
import { RabbitRequests } from './rabbit-requests';
import { declareQueue, type RabbitNames, type RabbitTopology } from './rabbit-topology';

/** The reply to a command whose process died while it ran: it is unknown whether the command was executed. */
const outcomeUnknown: ReplyMessage = { results: [] };

/**
 * Two connections per service: one publishes events and sends commands, the other consumes and replies. A broker that
 * blocks publishing connections (RabbitMQ does when it is short of memory) still delivers to the second.
 */
export class RabbitLink implements Link {
  private readonly outgoing: RecoveringChannel;
  private readonly publisher: RabbitPublisher;
  private readonly requests: RabbitRequests;
  private readonly consumers: RecoveringChannel[] = [];

  constructor(
    private readonly publishing: RecoveringChannelModel,
    private readonly consuming: RecoveringChannelModel,
    private readonly names: RabbitNames,
    topology: RabbitTopology,
    private readonly logger: MessagingLogger,
  ) {
    let opened = false;
    this.outgoing = new RecoveringChannel(
      publishing,
      'publish',
      async (channel) => {
        channel.on('return', (message) => this.publisher.onReturn(message.properties.messageId));
        await topology.declare(channel, opened);
        opened = true;
      },
      logger,
    );
    this.publisher = new RabbitPublisher(this.outgoing, names);
    this.requests = new RabbitRequests(publishing, names, logger);
  }

  async open(): Promise<void> {
    await this.outgoing.open();
    await this.requests.recovering.open();
  }

  publish(message: OutgoingMessage): Promise<void> {
    return this.publisher.publish(message);
  }

  async request(service: ServiceName, message: CommandMessage, timeoutMs: number): Promise<ReplyMessage> {
    return JSON.parse(
      await this.requests.request(service, JSON.stringify(message), timeoutMs),
    ) as ReplyMessage;
  }

  consume(
    queue: QueueDefinition,
    prefetch: number,
    onMessage: (message: IncomingMessage) => void,
  ): Promise<Consumer> {
    return this.startConsumer(
      queue.name,
      async (channel) => {
        await channel.prefetch(prefetch);
        await declareQueue(channel, this.names, queue);
        return this.names.queue(queue.name);
      },
      (channel, message) => onMessage(incoming(channel, message)),
    );
  }

  consumeDead(service: ServiceName, onMessage: (message: DeadMessage) => void): Promise<Consumer> {
    return this.startConsumer(
      `${service}.dead`,
      async (channel) => {
        await channel.prefetch(10);
        return this.names.dead(service);
      },
      (channel, message) => {
        const headers = message.properties.headers ?? {};
        const diedIn: unknown = headers['x-first-death-queue'];
        onMessage({
          ...incoming(channel, message),
          queue: typeof diedIn === 'string' ? this.names.contractName(diedIn) : `${service}.dead`,
          cause: headers['x-first-death-reason'] === 'rejected' ? 'rejected' : 'delivery limit',
        });
      },
    );
  }

  respond(service: ServiceName, prefetch: number, handler: Responder): Promise<Consumer> {
    const name = this.names.rpc(service);
    return this.startConsumer(
      `${service}.rpc`,
      async (channel) => {
        await channel.prefetch(prefetch);
        // Deleted with its last consumer, so that after a clean stop callers are answered "not running" immediately.
        await channel.assertQueue(name, { durable: true, autoDelete: true });
        return name;
      },
      (channel, message) => {
        const { replyTo, correlationId } = message.properties as { replyTo?: string; correlationId?: string };
        // A redelivered command may have been executed by a process that died: it is not executed again.
        const work = message.fields.redelivered
          ? Promise.resolve(outcomeUnknown)
          : handler(parseJson(message.content.toString()));
        void work.then((reply) => {
          try {
            if (reply !== null && replyTo)
              channel.publish('', replyTo, Buffer.from(JSON.stringify(reply)), {
                correlationId,
                contentType: 'application/json',
              });
            channel.ack(message);
          } catch (error) {
            this.logger.warn(`a reply of ${service} could not be sent: ${String(error)}`);
          }
        });
      },
    );
  }

  listen(
    service: ServiceName,
    types: readonly string[],
    onMessage: (body: string) => void,
  ): Promise<Consumer> {
    if ((broadcasts[service] ?? []).length === 0) return Promise.resolve({ stop: () => Promise.resolve() });
    return this.startConsumer(
      `${service} broadcast`,
      async (channel) => {
        const { queue } = await channel.assertQueue('', {
          exclusive: true,
          autoDelete: true,
          durable: false,
        });
        for (const type of types) await channel.bindQueue(queue, this.names.exchange(), type);
        return queue;
      },
      (_channel, message) => onMessage(message.content.toString()),
      { noAck: true },
    );
  }

  async ready(): Promise<void> {
    await this.outgoing.ready();
  }

  isReady(): boolean {
    return this.outgoing.isOpen;
  }

  async close(): Promise<void> {
    for (const consumer of this.consumers) consumer.retire();
    await this.outgoing.close();
    await this.requests.recovering.close();
    await this.publishing.close().catch(() => undefined);
    await this.consuming.close().catch(() => undefined);
  }

  private async startConsumer(
    name: string,
    prepare: (channel: ConfirmChannel) => Promise<string>,
    onMessage: (channel: ConfirmChannel, message: ConsumeMessage) => void,
    options: { noAck?: boolean } = {},
  ): Promise<Consumer> {
    let tag: string | undefined;
    const recovering: RecoveringChannel = new RecoveringChannel(
      this.consuming,
      name,
      async (channel) => {
        const queue = await prepare(channel);
        const consumer = await channel.consume(
          queue,
          (message) => (message ? onMessage(channel, message) : recovering.discard(channel)),
          options,
        );
        tag = consumer.consumerTag;
      },
      this.logger,
    );
    this.consumers.push(recovering);
    await recovering.open();
    return {
      stop: async () => {
        const channel = recovering.retire();
        if (tag) await channel?.cancel(tag).catch(() => undefined);
      },
    };
  }
}

/** `undefined` for malformed JSON, which the responder refuses as a malformed command. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function incoming(channel: ConfirmChannel, message: ConsumeMessage): IncomingMessage {
  const ignoreIfClosed = (acknowledge: () => void): void => {
    try {
      acknowledge();
    } catch {
      // The channel is closed, so the broker delivers the message again.
    }
  };
  const body = message.content.toString();
  return {
    body,
    read: () => readBody(body),
    ack: () => ignoreIfClosed(() => channel.ack(message)),
    nack: () => ignoreIfClosed(() => channel.nack(message, false, true)),
    reject: () => ignoreIfClosed(() => channel.nack(message, false, false)),
  };
}
