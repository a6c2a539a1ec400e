import type { ConfirmChannel, RecoveringChannelModel } from 'amqplib';
import type { MessagingLogger } from '../logger';

const reopenMs = { first: 50, most: 5_000 };

/**
 * A channel that comes back: after a lost connection (which amqplib restores), a channel error or a cancelled
 * consumer it is opened and set up anew, with growing pauses, until `close`.
 */
export class RecoveringChannel {
  private current?: ConfirmChannel;
  private waiting: (() => void)[] = [];
  private closed = false;
  /** Channels that have gone, also those that went before they were `current`. */
  private readonly lost = new WeakSet<ConfirmChannel>();

  constructor(
    private readonly connection: RecoveringChannelModel,
    private readonly name: string,
    private readonly setUp: (channel: ConfirmChannel) => Promise<void>,
    private readonly logger: MessagingLogger,
    private readonly onLost: () => void = () => undefined,
  ) {}

  /** The first time; rejects when it cannot be set up, with a plain text when the broker's own setup forbids it. */
  async open(): Promise<void> {
    try {
      await this.create();
    } catch (error) {
      if (error instanceof LostInSetUp) return this.reopen();
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

  /** For a consumer that was told its queue is gone. */
  abandon(channel: ConfirmChannel): void {
    channel.close().catch(() => undefined);
    this.lose(channel, new Error('the consumer was cancelled'));
  }

  /** It is not opened again, but what it has in hand can still be settled; it goes with its connection. */
  retire(): ConfirmChannel | undefined {
    this.closed = true;
    this.release();
    return this.current;
  }

  async close(): Promise<void> {
    this.closed = true;
    const channel = this.current;
    this.current = undefined;
    this.release();
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
    if (this.lost.has(channel)) throw new LostInSetUp();
    if (this.closed) return void channel.close().catch(() => undefined);
    this.current = channel;
    this.release();
  }

  private release(): void {
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
      pause = Math.min(pause * 2, reopenMs.most)
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

/** It was closed, or its consumer cancelled, at the very moment in which it was ready. */
class LostInSetUp extends Error {
  constructor() {
    super('the channel was closed while it was set up');
  }
}
