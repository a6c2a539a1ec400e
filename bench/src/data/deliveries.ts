import { newId } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { Bench } from '../bench';
import { post } from '../deployment/api';
import type { Deployment } from '../deployment/deployment';
import { createCampaign } from './campaign';

/** A queued e-mail: its rows as the service wrote them. */
export interface QueuedMail {
  delivery: Record<string, unknown>;
  message: { subject: string; text: string; html: string };
}

/** A delivery of an e-mail as the service makes it from an issue request; it waits until there is a worker. */
export async function issueByMail(bench: Bench, deployment: Deployment): Promise<QueuedMail> {
  const campaign = await createCampaign(bench, deployment);
  const { delivery } = await post<{ delivery: { id: string } }>(deployment.port, '/v1/coupons', {
    campaignId: campaign.id,
    recipient: { email: `first-${Date.now()}@example.com`, firstName: 'Ann' },
    channel: 'email',
  });
  return bench.onServer(
    (client) =>
      eventually(async () => {
        const { rows } = await client.query<QueuedMail>(
          `select to_json(delivery) as delivery, to_json(message) as message
           from notification.delivery join notification.message on delivery_id = id
           where id = $1 and status = 'queued'`,
          [delivery.id],
        );
        return rows.length > 0 && rows[0];
      }),
    deployment.databaseUrl,
  ) as Promise<QueuedMail>;
}

/** As many more of the same to other addresses, on their way to the workers: fifty an item, as the service does. */
export async function queueCopies(
  bench: Bench,
  { databaseUrl }: Deployment,
  { delivery, message }: QueuedMail,
  count: number,
): Promise<void> {
  const ids = Array.from({ length: count }, () => newId('delivery'));
  const items = Array.from({ length: Math.ceil(count / 50) }, (_, part) =>
    JSON.stringify({
      items: ids.slice(part * 50, (part + 1) * 50).map((deliveryId) => ({ deliveryId, channel: 'email' })),
    }),
  );
  await bench.onServer(async (client) => {
    await client.query('begin');
    await client.query(
      `insert into notification.delivery
       select copy.* from unnest($1::text[]) with ordinality as id (id, n),
         jsonb_populate_record(null::notification.delivery,
           $2::jsonb || jsonb_build_object('id', id.id, 'address', 'person-' || n || '@example.com')) as copy`,
      [ids, JSON.stringify(delivery)],
    );
    await client.query(
      `insert into notification.message
       select copy.* from unnest($1::text[]) as id (id),
         jsonb_populate_record(null::notification.message, $2::jsonb || jsonb_build_object('delivery_id', id.id)) as copy`,
      [ids, JSON.stringify(message)],
    );
    await client.query(
      `insert into notification.outbox (id, type, data, queue)
       select event.id, 'delivery.due.v1', event.data::json, 'notification.email'
       from unnest($1::text[], $2::text[]) as event (id, data)`,
      [items.map(() => newId('event')), items],
    );
    await client.query('commit');
  }, databaseUrl);
}
