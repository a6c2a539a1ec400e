import { GenerateCodes, ListCodes, LookUpCode } from '@tearoff/contracts';
import { times } from '@tearoff/testing';
import { importCodes } from './imports';
import { distribute, person, refusalsOf } from './lists';
import { World } from './world';

describe('a code that a list assigns', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ instances: 2, callers: 4 });
  });
  afterAll(() => world?.stop());

  const stacked = async (prefix: string, count: number, limits = {}) => {
    const campaign = await world.campaign({ codes: { source: 'imported' }, limits });
    const lines = times(count, (index) => `${prefix}-${100 + index}`);
    await importCodes(world, campaign.id, lines);
    return { campaign, lines };
  };
  const assigned = (name: string, code: string) => ({ recipient: { externalId: name }, code });
  const stack = async ({ id: campaignId }: { id: string }) =>
    (await world.ask(ListCodes, { accountId: world.accountId, campaignId, limit: 1_000 })).data;

  it('of a stack is theirs whenever they ask, and the stack stays whole', async () => {
    const { campaign, lines } = await stacked('PRE', 10);
    const job = await distribute(world, campaign, [
      assigned('ann', 'pre 107'),
      assigned('ben', lines[0]),
      person(1),
      assigned('cat', lines[1]),
      person(2),
    ]);
    expect(job).toMatchObject({ done: 5, failed: 0 });
    expect(await world.counts(campaign)).toMatchObject({ issued: 5, stock: 5 });
    for (const [name, code] of [
      ['ann', lines[7]],
      ['ben', lines[0]],
      ['cat', lines[1]],
    ])
      expect(await world.issue(campaign, { externalId: name })).toMatchObject({
        outcome: 'repeated',
        coupon: { code },
      });
    const rest = [];
    for (let index = 0; index < 5; index++)
      rest.push((await world.coupon(campaign, { externalId: `late ${index}` })).code);
    const all = await stack(campaign);
    expect(all.map(({ code }) => code).sort()).toEqual(lines);
    expect(all.every(({ couponId }) => couponId !== null)).toBe(true);
    expect(new Set([...rest, lines[7], lines[0], lines[1]]).size).toBe(8);
    expect(await world.counts(campaign)).toMatchObject({ issued: 10, stock: 0 });
    expect((await world.issue(campaign, { externalId: 'nobody' })).outcome).toBe('refused');
  });

  it('is refused when it is not free, not of this stack, or no code; and so is a second coupon', async () => {
    const { campaign, lines } = await stacked('REF', 6);
    const other = await stacked('OTH', 3);
    await world.issue(other.campaign, { externalId: 'x' });
    await distribute(world, campaign, [assigned('ann', lines[3])]);
    const job = await distribute(world, campaign, [
      assigned('ann', lines[3]),
      assigned('ben', lines[3]),
      assigned('ann', lines[4]),
      assigned('cat', 'REF-999'),
      assigned('dan', other.lines[0]),
      assigned('eve', other.lines[2]),
      assigned('fay', '=cmd()'),
      assigned('gus', ''),
      assigned('hal', lines[5]),
      assigned('ida', lines[5]),
    ]);
    expect(job).toMatchObject({ done: 2, failed: 8 });
    expect(await refusalsOf(world, job)).toEqual([
      [2, 'code.taken'],
      [3, 'recipient.limit_reached'],
      [4, 'code.unknown'],
      [5, 'code.other_campaign'],
      [6, 'code.other_campaign'],
      [7, 'code.invalid'],
      [8, 'code.invalid'],
      [10, 'code.taken'],
    ]);
    expect(await world.counts(campaign)).toMatchObject({ issued: 2, stock: 4 });
  });

  it('may be of their own making where codes are generated, and is looked up like an imported one', async () => {
    const campaign = await world.campaign();
    const taken = await world.coupon(await world.campaign(), { externalId: 'x' });
    const job = await distribute(world, campaign, [
      assigned('ann', 'Ann-2027'),
      assigned('ben', taken.code),
      assigned('cat', 'ann2027'),
    ]);
    expect(await refusalsOf(world, job)).toEqual([
      [2, 'code.other_campaign'],
      [3, 'code.taken'],
    ]);
    expect(await world.coupon(campaign, { externalId: 'ann' })).toMatchObject({ code: 'Ann-2027' });
    const found = await world.ask(LookUpCode, { accountId: world.accountId, code: 'ANN 2027' });
    expect(found).toMatchObject({ entry: { code: 'Ann-2027' }, importedCodes: true });
  });

  it('counts towards the total', async () => {
    const campaign = await world.campaign({ limits: { total: 3 } });
    const job = await distribute(
      world,
      campaign,
      times(5, (index) => assigned(`p${index}`, `TOTAL${index}`)),
    );
    expect(job).toMatchObject({ done: 3, failed: 2 });
    expect(await world.counts(campaign)).toMatchObject({ issued: 3 });
  });

  it('goes to one person, while others take from the same stack at the same time', async () => {
    const { campaign, lines } = await stacked('PAR', 600);
    const wanted = lines.slice(300).reverse();
    const [first, second, ...singles] = await Promise.all([
      distribute(
        world,
        campaign,
        wanted.map((code, index) => assigned(`a${index}`, code)),
      ),
      distribute(
        world,
        campaign,
        wanted.map((code, index) => assigned(`b${index}`, code)),
      ),
      ...times(300, (index) => world.coupon(campaign, { externalId: `c${index}` })),
    ]);
    // Each assigned code goes to one of the two lists, or to a single request that reached its place in the stack first.
    const singlesWithWanted = singles.filter(({ code }) => wanted.includes(code)).length;
    expect(first.done + second.done + singlesWithWanted).toBe(300);
    for (const list of [first, second]) {
      const reasons = (await refusalsOf(world, list)).map(([, code]) => code);
      expect(list.done + list.failed).toBe(300);
      expect([...new Set(reasons)]).toEqual(list.failed > 0 ? ['code.taken'] : []);
    }
    const issued = singles.length + first.done + second.done;
    expect(await world.counts(campaign)).toMatchObject({ issued, stock: 600 - issued });
    const all = await stack(campaign);
    expect(all.map(({ code }) => code).sort()).toEqual(lines);
    expect(new Set(all.flatMap(({ couponId }) => couponId ?? [])).size).toBe(issued);
    expect(all.filter(({ code, couponId }) => wanted.includes(code) && couponId === null)).toEqual([]);
  });

  it('of a generated stack must be one of it', async () => {
    const campaign = await world.campaign();
    const { accountId } = world;
    await world.finished(await world.ask(GenerateCodes, { accountId, campaignId: campaign.id, count: 5 }));
    const codes = (await stack(campaign)).map(({ code }) => code);
    const job = await distribute(world, campaign, [assigned('ann', codes[4]), assigned('ben', 'MINE1')]);
    expect(await refusalsOf(world, job)).toEqual([[2, 'code.unknown']]);
    expect((await stack(campaign))[0]).toMatchObject({ code: codes[4], couponId: expect.any(String) });
  });
});
