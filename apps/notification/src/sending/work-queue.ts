import { DeliveryDue, type Channel, type MessageContext } from '@tearoff/contracts';
import type { Outbox, Transaction } from '@tearoff/messaging';

/** Few enough that the workers of a channel share a list's deliveries evenly. */
const itemsPerEvent = 50;

export interface DueDelivery {
  id: string;
  channel: Channel;
  bulk: boolean;
  context: MessageContext | null;
  /** Not before then; at once by default. */
  dueAt?: Date | null;
}

/**
 * Puts deliveries on their queues when the transaction commits. Each channel has queues of its own, so that what
 * holds up SMS does not hold up e-mail, and one of them for lists, so that no list holds up a single coupon.
 */
export async function enqueue(
  outbox: Outbox,
  tx: Transaction,
  deliveries: readonly DueDelivery[],
): Promise<void> {
  const groups = new Map<string, DueDelivery[]>();
  for (const delivery of deliveries) {
    const key = `${queueOf(delivery)} ${delivery.dueAt?.getTime() ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(delivery);
    else groups.set(key, [delivery]);
  }
  for (const due of groups.values()) {
    await outbox.add(
      tx,
      DeliveryDue,
      due.map(({ id, channel, bulk }) => ({ deliveryId: id, channel, ...(bulk && { bulk }) })),
      {
        queue: queueOf(due[0]),
        contexts: due.map(({ context }) => context),
        availableAt: due[0].dueAt ?? undefined,
        itemsPerEvent,
      },
    );
  }
}

const queueOf = ({ channel, bulk }: DueDelivery): string =>
  bulk ? `notification.${channel}.bulk` : `notification.${channel}`;
