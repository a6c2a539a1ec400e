import { newId } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { Bench } from '../bench';
import { call } from '../deployment/api';
import type { Deployment } from '../deployment/deployment';
import { createCampaign } from './campaign';

export interface RenderedMail {
  id: string;
  subject: string;
  text: string;
  html: string;
}

/** A delivery of an e-mail as the service makes it from an issue request; it waits until there is a worker. */
export async function issueByMail(bench: Bench, deployment: Deployment): Promise<RenderedMail> {
  const campaign = await createCampaign(bench, deployment);
  const { delivery } = await call<{ delivery: { id: string } }>(deployment.port, 'POST', '/v1/coupons', {
    campaignId: campaign.id,
    recipient: { email: `first-${Date.now()}@example.com`, firstName: 'Ann' },
    channel: 'email',
  });
  return bench.onServer(
    (client) =>
      eventually(async () => {
        const { rows } = await client.query<RenderedMail>(
          `select id, subject, text, html from notification.delivery where id = $1 and status = 'queued'`,
          [delivery.id],
        );
        return rows.length > 0 && rows[0];
      }),
    deployment.databaseUrl,
  ) as Promise<RenderedMail>;
}

/** As many more of the same to other addresses, and on their way to the workers: fifty an item, as the service does. */
export async function queueCopies(
  bench: Bench,
  { databaseUrl }: Deployment,
  { id, subject, text, html }: RenderedMail,
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
      `insert into notification.delivery (id, account_id, coupon_id, campaign_id, channel, address, status, subject, text, html)
       select copy.id, account_id, coupon_id, campaign_id, channel, 'person-' || n || '@example.com', 'queued', $3, $4, $5
       from notification.delivery d, unnest($2::text[]) with ordinality as copy (id, n) where d.id = $1`,
      [id, ids, subject, text, html],
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
