import {
  channels,
  type Channel,
  type ItemOf,
  type DeliveryDue,
  type MessageContext,
} from '@tearoff/contracts';
import type { Outbox } from '@tearoff/messaging';
import type { DataSource } from 'typeorm';
import type { NotificationEnv } from '../env';
import type { Providers } from '../providers/providers';
import { claim } from './claim';
import { Dispatcher } from './dispatcher';
import { Outcomes } from './outcomes';
import { enqueue } from './work-queue';

/** The sending side of this process: one dispatcher a channel, so that neither waits for the other's provider. */
export class Dispatchers {
  private readonly byChannel: Readonly<Record<Channel, Dispatcher>>;
  private readonly outcomes: Outcomes;

  constructor(dataSource: DataSource, outbox: Outbox, providers: Providers, env: NotificationEnv) {
    this.outcomes = new Outcomes(dataSource, outbox);
    const names = { sms: providers.of('sms').name, email: providers.of('email').name };
    const dispatcherOf = (channel: Channel): Dispatcher =>
      new Dispatcher({
        channel,
        provider: providers.of(channel),
        policy: { attempts: env.DELIVERY_ATTEMPTS, retryMs: env.DELIVERY_RETRY_MS },
        leaseMs: env.DELIVERY_LEASE_MS,
        claim: (ids) => claim(dataSource, ids, names, env.DELIVERY_LEASE_MS),
        record: (outcome) => this.outcomes.record(outcome),
        lookAgain: ({ id, context }, of, at) =>
          outbox.transaction((tx) => enqueue(outbox, tx, [{ id, channel: of, context }], at)),
      });
    this.byChannel = { sms: dispatcherOf('sms'), email: dispatcherOf('email') };
  }

  async deliver(
    items: readonly ItemOf<typeof DeliveryDue>[],
    contexts: readonly MessageContext[],
  ): Promise<void> {
    const due = items.map(({ deliveryId, channel }, index) => ({
      id: deliveryId,
      channel,
      context: contexts[index] ?? null,
    }));
    await Promise.all(
      channels.map((channel) =>
        this.byChannel[channel].deliver(due.filter((item) => item.channel === channel)),
      ),
    );
  }

  /** Takes nothing more; before the consumers are stopped, which wait for what is in hand. */
  drain(): void {
    for (const channel of channels) this.byChannel[channel].drain();
  }

  close(): void {
    this.outcomes.close();
  }
}
