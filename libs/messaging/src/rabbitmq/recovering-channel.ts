import type { ConfirmChannel, RecoveringChannelModel } from 'amqplib';
import type { MessagingLogger } from '../logger';

const reopenMs = { first: 50, max: 5_000 };

/**
 * A channel that is opened and set up again after a lost connection (which amqplib restores), a channel error or a
 * cancelled consumer, with growing pauses between tries, until `close`.
 */
export class RecoveringChannel {
  private current?: ConfirmChannel;
  private waiting: (() => void)[] = [];
  private closed = false;
  /** Channels that were closed, including those closed before they became `current`. */
  private readonly lost = new WeakSet<ConfirmChannel>();

  constructor(
    private readonly connection: RecoveringChannelModel,
    private readonly name: string,
    private readonly setUp: (channel: ConfirmChannel) => Promise<void>,
    private readonly logger: MessagingLogger,
    private readonly onLost: () => void = () => undefined,
  ) {}

  /**
   * Opens it the first time. Rejects when setup fails, with an explanation when the broker has other queue settings.
   */
  async open(): Promise<void> {
    try {
      await this.create();
    } catch (error) {
      if (error instanceof ClosedDuringSetUp) return this.reopen();
      if ((error as { code?: number }).code !== 406) throw error;
      throw new Error(
        `RabbitMQ holds a queue or exchange with other settings than this version of Tearoff declares. ` +
          `Delete it when it is empty, or set RABBITMQ_PREFIX to another name. RabbitMQ says: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }

  get isOpen(): boolean {
    return this.current !== undefined;
  }

  get channel(): ConfirmChannel | undefined {
    return this.current;
  }

  async ready(): Promise<ConfirmChannel> {
    while (!this.current) {
      if (this.closed) throw new Error(`the ${this.name} channel is closed`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    return this.current;
  }

  /** For a consumer that the broker has cancelled because its queue was deleted. */
  discard(channel: ConfirmChannel): void {
    channel.close().catch(() => undefined);
    this.lose(channel, new Error('the consumer was cancelled'));
  }

  /** Stops reopening. Delivered messages can still be acknowledged; the channel closes with its connection. */
  retire(): ConfirmChannel | undefined {
    this.closed = true;
    this.resolveWaiting();
    return this.current;
  }

  async close(): Promise<void> {
    this.closed = true;
    const channel = this.current;
    this.current = undefined;
    this.resolveWaiting();
    await channel?.close().catch(() => undefined);
  }

  private async create(): Promise<void> {
    const channel = await this.connection.createConfirmChannel();
    let failure: Error | undefined;
    channel.on('error', (error) => (failure = error));
    channel.on('close', () => this.lose(channel, failure ?? new Error('the channel was closed')));
    try {
      await this.setUp(channel);
    } catch (error) {
      await channel.close().catch(() => undefined);
      throw error;
    }
    if (failure) throw failure;
    if (this.lost.has(channel)) throw new ClosedDuringSetUp();
    if (this.closed) return void channel.close().catch(() => undefined);
    this.current = channel;
    this.resolveWaiting();
  }

  private resolveWaiting(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private lose(channel: ConfirmChannel, reason: Error): void {
    this.lost.add(channel);
    if (this.current !== channel) return;
    this.current = undefined;
    this.onLost();
    if (this.closed) return;
    this.logger.warn(`the ${this.name} channel was lost and will be opened again: ${reason.message}`);
    void this.reopen();
  }

  private async reopen(): Promise<void> {
    for (
      let pause = reopenMs.first;
      !this.closed && !this.current;
      pause = Math.min(pause * 2, reopenMs.max)
    ) {
      try {
        await this.create();
      } catch (error) {
        if (this.closed) return;
        this.logger.warn(`the ${this.name} channel could not be opened: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

/** The channel was closed, or its consumer cancelled, between the end of setup and its first use. */
class ClosedDuringSetUp extends Error {
  constructor() {
    super('the channel was closed while it was set up');
  }
}
