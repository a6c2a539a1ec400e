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
import { Pace } from '../pacing/pace';
import type { Providers } from '../providers/providers';
import { ChannelSender } from './channel-sender';
import { Outcomes } from './outcomes';

/** The sending side of this process: a sender a channel, so that neither waits for the other's provider. */
export class Dispatchers {
  private readonly byChannel: Readonly<Record<Channel, ChannelSender>>;
  private readonly outcomes: Outcomes;

  constructor(dataSource: DataSource, outbox: Outbox, providers: Providers, env: NotificationEnv) {
    this.outcomes = new Outcomes(dataSource, outbox);
    const rates = { sms: env.SMS_RATE, email: env.SMTP_RATE };
    const senderOf = (channel: Channel): ChannelSender =>
      new ChannelSender({
        channel,
        provider: providers.of(channel),
        pace: rates[channel] > 0 ? new Pace(dataSource, channel, rates[channel]) : null,
        dataSource,
        outbox,
        outcomes: this.outcomes,
        env,
        providerNames: { sms: providers.of('sms').name, email: providers.of('email').name },
      });
    this.byChannel = { sms: senderOf('sms'), email: senderOf('email') };
  }

  async deliver(
    items: readonly ItemOf<typeof DeliveryDue>[],
    contexts: readonly MessageContext[],
  ): Promise<void> {
    const due = items.map(({ deliveryId, channel, bulk = false }, index) => ({
      id: deliveryId,
      channel,
      bulk,
      context: contexts[index] ?? null,
    }));
    await Promise.all(
      channels.flatMap((channel) =>
        [false, true].flatMap((bulk) => {
          const items = due.filter((item) => item.channel === channel && item.bulk === bulk);
          return items.length > 0 ? [this.byChannel[channel].deliver(items, bulk)] : [];
        }),
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
