import { channels, DeliveryDue, type Channel, type MessageContext } from '@tearoff/contracts';
import type { Outbox, Transaction } from '@tearoff/messaging';

/** Few enough that the workers of a channel share a list's deliveries evenly. */
const itemsPerMessage = 50;

export interface DueDelivery {
  id: string;
  channel: Channel;
  context: MessageContext | null;
}

/**
 * Puts deliveries on their channels' queues when the transaction commits, to be had from `availableAt` on. Each
 * channel has a queue of its own, so that what holds up SMS does not hold up e-mail.
 */
export async function enqueue(
  outbox: Outbox,
  tx: Transaction,
  deliveries: readonly DueDelivery[],
  availableAt?: Date,
): Promise<void> {
  for (const channel of channels) {
    const due = deliveries.filter((delivery) => delivery.channel === channel);
    for (let from = 0; from < due.length; from += itemsPerMessage) {
      const part = due.slice(from, from + itemsPerMessage);
      await outbox.add(
        tx,
        DeliveryDue,
        part.map(({ id }) => ({ deliveryId: id, channel })),
        { queue: `notification.${channel}`, contexts: part.map(({ context }) => context), availableAt },
      );
    }
  }
}
