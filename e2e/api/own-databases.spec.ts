import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import { Client } from 'pg';
import { eventually, onBothTransports, startSystem, type System } from './system';

/** The schemas of services in a database. */
async function schemasIn(url: string): Promise<string[]> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname ~ '^(gateway|issuance|redemption|notification|loyalty|automation|insights)$' order by 1`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

onBothTransports('services with databases of their own', (transport) => {
  let system: System;
  let own: TestDatabase[];

  beforeAll(async () => {
    own = await Promise.all([createTestDatabase(), createTestDatabase()]);
    system = await startSystem(transport, {
      REDEMPTION_DATABASE_URL: own[0].url,
      INSIGHTS_DATABASE_URL: own[1].url,
    });
  });
  afterAll(async () => {
    await system?.stop();
    for (const database of own ?? []) await database.drop();
  });

  it('keep their tables there alone', async () => {
    expect(await schemasIn(own[0].url)).toEqual(['redemption']);
    expect(await schemasIn(own[1].url)).toEqual(['insights']);
    expect(await schemasIn(system.databaseUrl)).toEqual([
      'automation',
      'gateway',
      'issuance',
      'loyalty',
      'notification',
    ]);
  });

  it('issue, redeem once and count as one system', async () => {
    const { body: campaign } = await system.post('/v1/campaigns', {
      name: 'Apart',
      status: 'active',
      content: { title: 'A coffee' },
    });
    const { body: coupon } = await system.post('/v1/coupons', {
      campaignId: campaign.id,
      recipient: { externalId: 'kim' },
    });
    const tries = await Promise.all(
      [1, 2, 3].map((till) =>
        system.post('/v1/redemptions', { code: coupon.code, transactionRef: `t${till}` }),
      ),
    );
    expect(tries.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409, 409]);
    await eventually(async () =>
      expect((await system.get(`/v1/reports/funnel?campaignId=${campaign.id}`)).body.total).toMatchObject({
        issued: 1,
        redeemed: 1,
      }),
    );
  });
});
