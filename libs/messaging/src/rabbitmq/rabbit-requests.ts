import { DomainError, unavailable, type ServiceName } from '@tearoff/contracts';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { noSuchService } from '../in-process/in-process.transport';
import type { MessagingLogger } from '../logger';
import type { RecoveringChannelModel } from 'amqplib';
import { RecoveringChannel } from './recovering-channel';
import type { RabbitNames } from './rabbit-names';

interface Pending {
  service: ServiceName;
  resolve(body: string): void;
  reject(error: Error): void;
}

const lostReply = (service: ServiceName): DomainError =>
  unavailable('service.unavailable', `The connection to the ${service} service was lost before it answered.`);

/** Requests over direct reply-to: no reply queue to declare, and one that goes with its channel. */
export class RabbitRequests {
  readonly lasting: RecoveringChannel;
  private readonly pending = new Map<string, Pending>();
  private count = 0;

  constructor(
    connection: RecoveringChannelModel,
    private readonly names: RabbitNames,
    logger: MessagingLogger,
  ) {
    this.lasting = new RecoveringChannel(
      connection,
      'request',
      (channel) => this.setUp(channel),
      logger,
      () => this.failAll(),
    );
  }

  async request(service: ServiceName, body: string, timeoutMs: number): Promise<string> {
    const channel = this.lasting.channel;
    // A caller with a deadline is told now that the broker is away, not kept for later.
    if (!channel) throw unavailable('service.unavailable', 'The message broker cannot be reached.');
    const correlationId = String(++this.count);
    return new Promise((resolve, reject) => {
      const ms = Math.max(1, Math.ceil(timeoutMs));
      // The link keeps no timer of its own: the caller's is enough, and a late reply finds no one.
      const timer = setTimeout(() => this.pending.delete(correlationId), ms + 1_000);
      timer.unref();
      const settle =
        <T>(done: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          done(value);
        };
      this.pending.set(correlationId, { service, resolve: settle(resolve), reject: settle(reject) });
      channel.publish('', this.names.rpc(service), Buffer.from(body), {
        mandatory: true,
        replyTo: 'amq.rabbitmq.reply-to',
        correlationId,
        // The broker's clock counts how long it waits for an instance to take it; no one else can.
        expiration: String(ms),
        contentType: 'application/json',
      });
    });
  }

  private async setUp(channel: ConfirmChannel): Promise<void> {
    channel.on('return', (message) => {
      const pending = this.take(message.properties.correlationId);
      pending?.reject(noSuchService(pending.service));
    });
    await channel.consume('amq.rabbitmq.reply-to', (message) => this.onReply(message), { noAck: true });
  }

  private onReply(message: ConsumeMessage | null): void {
    if (!message) return;
    this.take(message.properties.correlationId)?.resolve(message.content.toString());
  }

  private take(correlationId: unknown): Pending | undefined {
    const pending = this.pending.get(String(correlationId));
    this.pending.delete(String(correlationId));
    return pending;
  }

  private failAll(): void {
    const lost = [...this.pending.values()];
    this.pending.clear();
    for (const pending of lost) pending.reject(lostReply(pending.service));
  }
}
