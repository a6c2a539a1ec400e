import { DomainError, unavailable, type ServiceName } from '@tearoff/contracts';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { serviceNotRunning } from '../in-process/in-process.transport';
import type { MessagingLogger } from '../logger';
import type { RecoveringChannelModel } from 'amqplib';
import { RecoveringChannel } from './recovering-channel';
import type { RabbitNames } from './rabbit-topology';

interface Pending {
  service: ServiceName;
  resolve(body: string): void;
  reject(error: Error): void;
}

const connectionLost = (service: ServiceName): DomainError =>
  unavailable('service.unavailable', `The connection to the ${service} service was lost before it answered.`);

/** Sends requests with RabbitMQ's direct reply-to: no reply queue is declared, and replies end with the channel. */
export class RabbitRequests {
  readonly recovering: RecoveringChannel;
  private readonly pending = new Map<string, Pending>();
  private count = 0;

  constructor(
    connection: RecoveringChannelModel,
    private readonly names: RabbitNames,
    logger: MessagingLogger,
  ) {
    this.recovering = new RecoveringChannel(
      connection,
      'request',
      (channel) => this.setUp(channel),
      logger,
      () => this.failAll(),
    );
  }

  async request(service: ServiceName, body: string, timeoutMs: number): Promise<string> {
    const channel = this.recovering.channel;
    // A caller has a deadline: it is answered immediately that the broker is unavailable.
    if (!channel) throw unavailable('service.unavailable', 'The message broker cannot be reached.');
    const correlationId = String(++this.count);
    return new Promise((resolve, reject) => {
      const ms = Math.max(1, Math.ceil(timeoutMs));
      // This timer only frees memory. The caller has its own timer for the deadline, and a late reply is ignored.
      const timer = setTimeout(() => this.pending.delete(correlationId), ms + 1_000);
      timer.unref();
      const stopTimerAnd =
        <T>(done: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          done(value);
        };
      this.pending.set(correlationId, {
        service,
        resolve: stopTimerAnd(resolve),
        reject: stopTimerAnd(reject),
      });
      channel.publish('', this.names.rpc(service), Buffer.from(body), {
        mandatory: true,
        replyTo: 'amq.rabbitmq.reply-to',
        correlationId,
        // Only the broker can measure how long the message waits in the queue.
        expiration: String(ms),
        contentType: 'application/json',
      });
    });
  }

  private async setUp(channel: ConfirmChannel): Promise<void> {
    channel.on('return', (message) => {
      const pending = this.take(message.properties.correlationId);
      pending?.reject(serviceNotRunning(pending.service));
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
    for (const pending of lost) pending.reject(connectionLost(pending.service));
  }
}
