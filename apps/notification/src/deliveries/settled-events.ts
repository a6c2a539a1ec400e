import { DeliverySettled, type ItemOf, type MessageContext } from '@tearoff/contracts';
import type { Outbox, Transaction } from '@tearoff/messaging';

type Settled = Omit<ItemOf<typeof DeliverySettled>, 'at'>;

/** Tells that these deliveries have come to their end, now. */
export async function publishSettled(
  outbox: Outbox,
  tx: Transaction,
  deliveries: readonly Settled[],
  contextOf: (deliveryId: string) => MessageContext | null,
): Promise<void> {
  if (deliveries.length === 0) return;
  const at = new Date().toISOString();
  await outbox.add(
    tx,
    DeliverySettled,
    deliveries.map((delivery) => ({ ...delivery, at })),
    { contexts: deliveries.map(({ deliveryId }) => contextOf(deliveryId)) },
  );
}
