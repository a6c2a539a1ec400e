import { newId } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { accountId } from './builders';
import { World } from './world';

describe('what is old', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
    await world.startInstance();
    await world.stopInstances();
  });
  afterAll(() => world.destroy());

  it('of the sandbox inbox goes, but for its newest 10,000 messages and those of deliveries still open', async () => {
    const open = newId('delivery');
    await world.dataSource.query(
      `insert into delivery (id, account_id, channel, address, status)
       values ($1, $2, 'sms', '+1', 'sending'), ('dlv_3', $2, 'sms', '+1', 'sent')`,
      [open, accountId],
    );
    await world.dataSource.query(
      `insert into sandbox_message (delivery_id, account_id, channel, recipient, sender, text, headers)
       select case n when 2 then $1 else 'dlv_' || n end, $2, 'sms', '+1', 'x', n::text, '{}'
       from generate_series(1, 10005) as series (n) order by series.n`,
      [open, accountId],
    );
    await world.startInstance({ DELIVERY_SWEEP_MS: '50' });
    await eventually(async () => {
      const rows: { text: string }[] = await world.dataSource.query(
        `select text from sandbox_message order by id limit 3`,
      );
      expect(rows.map(({ text }) => text)).toEqual(['2', '6', '7']);
    });
    const [{ n }] = await world.dataSource.query(`select count(*)::int as n from sandbox_message`);
    expect(n).toBe(10_001);
  });

  it('of the keys of messages goes after 30 days', async () => {
    await world.dataSource.query(
      `insert into message_key (account_id, key, delivery_id, created_at)
       select $1, days::text, 'dlv_x', now() - days * interval '1 day' from unnest(array[29, 31]) as days`,
      [accountId],
    );
    await eventually(async () => {
      const rows: { key: string }[] = await world.dataSource.query(`select key from message_key`);
      expect(rows).toEqual([{ key: '29' }]);
    });
  });
});
