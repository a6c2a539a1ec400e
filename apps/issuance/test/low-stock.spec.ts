import { CodesLowStock, GenerateCodes, type ItemOf } from '@tearoff/contracts';
import { eventually, tally, times } from '@tearoff/testing';
import { importCodes } from './imports';
import { distribute, person } from './lists';
import { World } from './world';

describe('a stack that runs low', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ instances: 2, callers: 6 });
    // No one listens to it yet, so the relay would let go of it: a copy is kept of what is told.
    await world.dataSource.query(`create table told (campaign text, data jsonb)`);
    await world.dataSource.query(
      `create function keep() returns trigger language plpgsql as $$ begin
         insert into told select item->>'campaignId', item from json_array_elements(new.data->'items') as item;
         return new;
       end $$`,
    );
    await world.dataSource.query(
      `create trigger keep after insert on outbox for each row
       when (new.type = '${CodesLowStock.type}') execute function keep()`,
    );
  });
  afterAll(() => world?.stop());

  const told = async ({ id }: { id: string }) =>
    (
      (await world.dataSource.query(`select data from told where campaign = $1`, [id])) as {
        data: ItemOf<typeof CodesLowStock>;
      }[]
    ).map(({ data }) => data);
  const jobs = ({ id }: { id: string }) => world.count('job', `campaign_id = '${id}'`);
  const stocked = async (codes: object, count: number) => {
    const campaign = await world.campaign({ codes });
    const { accountId } = world;
    await world.finished(await world.ask(GenerateCodes, { accountId, campaignId: campaign.id, count }));
    return campaign;
  };
  const rush = (campaign: { id: string }, count: number, name: string) =>
    Promise.all(times(count, (index) => world.issue(campaign, { externalId: `${name} ${index}` })));

  it('is told of once, however many take from it at once, and again after it was above', async () => {
    const campaign = await world.campaign({ codes: { source: 'imported', lowStock: 40 } });
    await importCodes(
      world,
      campaign.id,
      times(100, (index) => `LOW-${1000 + index}`),
    );
    await rush(campaign, 59, 'early');
    expect(await told(campaign)).toEqual([]);
    await rush(campaign, 30, 'late');
    const [first, ...others] = await told(campaign);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ campaignId: campaign.id, lowStock: 40 });
    expect(first.stock).toBeLessThanOrEqual(40);
    await importCodes(
      world,
      campaign.id,
      times(60, (index) => `LOW-${2000 + index}`),
    );
    await rush(campaign, 10, 'later');
    expect(await told(campaign)).toHaveLength(1);
    await distribute(world, campaign, times(30, person));
    expect(await told(campaign)).toHaveLength(2);
  });

  it('is topped up once, and again when it has fallen again', async () => {
    const campaign = await stocked({ lowStock: 20, topUp: 200 }, 100);
    expect(tally(await rush(campaign, 95, 'early'))).toEqual({ issued: 95 });
    await eventually(async () => (await world.counts(campaign)).stock === 205);
    expect([await jobs(campaign), (await told(campaign)).length]).toEqual([2, 1]);
    await rush(campaign, 190, 'late');
    await eventually(async () => (await world.counts(campaign)).stock === 215);
    expect([await jobs(campaign), (await told(campaign)).length]).toEqual([3, 2]);
  });

  it('is topped up until it is above, when one helping is too small', async () => {
    const campaign = await stocked({ lowStock: 50, topUp: 15 }, 60);
    await rush(campaign, 60, 'early');
    await eventually(async () => (await world.counts(campaign)).stock! > 50);
    expect(await told(campaign)).toHaveLength(1);
    expect((await world.counts(campaign)).stock).toBeLessThanOrEqual(65);
  });

  it('is topped up after a process died between the last coupon and the new codes', async () => {
    const campaign = await stocked({ lowStock: 5, topUp: 30 }, 10);
    const [first, ...rest] = world.services.splice(0);
    await Promise.all(rest.map((service) => service.stop()));
    world.services.push(first);
    await rush(campaign, 6, 'early');
    await world.services.pop()!.stop();
    expect(await jobs(campaign)).toBe(2);
    world.services.push(await world.startInstance());
    await eventually(async () => (await world.counts(campaign)).stock === 34);
  });
});
