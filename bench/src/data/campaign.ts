import { eventually } from '@tearoff/testing';
import type { Client } from 'pg';
import type { Bench } from '../bench';
import { post } from '../deployment/api';
import type { Deployment } from '../deployment/deployment';

export interface BenchCampaign {
  id: string;
  accountId: string;
}

const settings = {
  content: {
    title: 'A coffee on the house',
    description: 'Any size, any kind, in every one of our shops. Show this page at the till.',
    terms: 'One coupon a person. Not for resale. Cannot be combined with other offers.',
    color: '#7a3e1d',
  },
  discount: { kind: 'percent', value: 25 },
  messages: {
    sms: { body: 'Hello {{ firstName }}, your coffee is on us: ' },
    email: {
      subject: 'Your coffee is on us',
      text: 'Hello {{ firstName }},\n\nyour coffee is on us. Show this at the till: {{ url }}\n\nSee you soon!\n',
      html: `<html><body>${'<p>Hello {{ firstName }}, your coffee is on us. Show the coupon at the till.</p>\n'.repeat(15)}<a href="{{ url }}">Your coupon</a></body></html>`,
    },
  },
};

/** An active campaign without limits but one coupon a person; resolves when every service has heard of it. */
export async function createCampaign(bench: Bench, deployment: Deployment): Promise<BenchCampaign> {
  const { id } = await post<{ id: string }>(deployment.port, '/v1/campaigns', {
    name: 'Benchmark',
    ...settings,
  });
  return bench.onServer(async (client) => {
    const heard = `select account_id as "accountId" from issuance.campaign
      where id = $1 and id in (select id from redemption.campaign) and id in (select id from notification.campaign)`;
    return eventually(
      async () => {
        const { rows } = await client.query<{ accountId: string }>(heard, [id]);
        return rows.length > 0 && { id, accountId: rows[0].accountId };
      },
      { timeoutMs: 30_000 },
    );
  }, deployment.databaseUrl) as Promise<BenchCampaign>;
}

/** The same rows in another database with the same table. */
export async function copyRows(
  from: Client,
  to: Client,
  table: string,
  where: string,
  value: string,
): Promise<void> {
  const { rows } = await from.query<{ rows: unknown }>(
    `select json_agg(t) as rows from ${table} t where ${where} = $1`,
    [value],
  );
  await to.query(
    `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json) on conflict do nothing`,
    [JSON.stringify(rows[0].rows)],
  );
}
