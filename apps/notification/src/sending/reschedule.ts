import type { Outbox } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { enqueue, type DueDelivery } from './work-queue';

const update = {
  name: 'delivery-put-off',
  text: `
    with later as (
      select * from unnest($1::text[], $2::timestamptz[]) as later (id, due_at)
    ), held as materialized (
      select id from delivery
      where id in (select id from later) and status in ('queued', 'sending')
      order by id for update
    )
    update delivery d set due_at = later.due_at
    from held join later using (id)
    where d.id = held.id
    returning d.id`,
};

/** Gives deliveries that are not settled back to their queues, to be had from `dueAt` on. */
export async function reschedule(
  outbox: Outbox,
  deliveries: readonly (DueDelivery & { dueAt: Date })[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await outbox.transaction(async (tx) => {
    const rows = await prepared<{ id: string }>(tx, update, [
      deliveries.map(({ id }) => id),
      deliveries.map(({ dueAt }) => dueAt),
    ]);
    const waiting = new Set(rows.map(({ id }) => id));
    await enqueue(
      outbox,
      tx,
      deliveries.filter(({ id }) => waiting.delete(id)),
    );
  });
}
