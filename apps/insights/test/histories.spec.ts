import { GetFunnel, type CouponIssuedItem } from '@tearoff/contracts';
import { overBothTransports } from '@tearoff/testing';
import { disordered, historyOf, randomOf } from './histories';
import { newAccount, World } from './world';

const tables = ['campaign', 'coupon_fact', 'redemption_fact', 'face_opening', 'traffic'];

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    // Two instances: events are handled side by side as well as out of order.
    world = await World.start(means, 2);
  });
  afterAll(() => world.stop());

  it.each([11, 22])(
    'a history told in any order, with repetitions, makes the same read models (%i)',
    async (seed) => {
      const accountId = newAccount();
      const random = randomOf(seed);
      const history = historyOf(accountId, 40, random);
      for (const event of history) await world.send(event);
      await world.settled();
      const inOrder = await world.models(accountId);
      expect(inOrder.coupon_fact).toHaveLength(40);
      expect(inOrder.redemption_fact.length).toBeGreaterThan(10);
      const issued = history.filter(([{ type }]) => type === 'coupon.issued.v1');
      const { total } = await world.ask(GetFunnel, { accountId, groupBy: [] });
      expect(total.issued).toBe(new Set(issued.map(([, item]) => (item as CouponIssuedItem).couponId)).size);

      for (let round = 0; round < 2; round++) {
        for (const table of tables)
          await world.dataSource.query(`delete from ${table} where account_id = $1`, [accountId]);
        await world.tell(...disordered(history, random));
        expect(await world.models(accountId)).toEqual(inOrder);
      }
    },
    60_000,
  );
});
