import {
  ChangePoints,
  ListLedger,
  newId,
  PointsAwarded,
  PointsSpent,
  type PointsOutcome,
} from '@tearoff/contracts';
import { eventually, overBothTransports, tally, times } from '@tearoff/testing';
import type { EntityManager } from 'typeorm';
import { World } from './world';

const pidOf = async (tx: EntityManager): Promise<number> => {
  const [{ pid }] = (await tx.query('select pg_backend_pid() as pid')) as [{ pid: number }];
  return pid;
};

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start({ means, instances: 2, callers: 6 })));
  beforeEach(() => (world.accountId = newId('account')));
  afterEach(() => world.expectSoundLedgers());
  afterAll(() => world.stop());

  it('lets 200 simultaneous spends have exactly what the balance allows', async () => {
    const enrolment = await world.enrol(await world.card());
    await world.points(enrolment, 1_000);
    const outcomes = await Promise.all(
      times(200, (n) => world.points(enrolment, -7, { reference: `s${n}` })),
    );
    expect(tally(outcomes)).toEqual({ entered: 142, 'points.insufficient': 58 });
    expect(await world.standing(enrolment)).toMatchObject({ balance: 6, pending: 0 });
    const told = () =>
      world.neighbours.told(PointsSpent).filter(({ memberId }) => memberId === enrolment.memberId);
    await eventually(() => expect(told()).toHaveLength(142));
    expect(told().reduce((sum, { points }) => sum + points, 0)).toBe(994);
  });

  it('counts a reference once, in one batch and at the same moment on two instances, whatever the amount', async () => {
    const enrolment = await world.enrol(await world.card());
    const outcomes = await Promise.all(
      times(60, (n) => world.points(enrolment, 10 + n, { reference: 'receipt 7' })),
    );
    expect(tally(outcomes)).toEqual({ entered: 1, repeated: 59 });
    const entries = new Set(outcomes.map((outcome) => 'entry' in outcome && JSON.stringify(outcome.entry)));
    expect(entries.size).toBe(1);
    expect(await world.ledger(enrolment)).toHaveLength(1);
    const told = () =>
      world.neighbours.told(PointsAwarded).filter(({ memberId }) => memberId === enrolment.memberId);
    await eventually(() => expect(told()).toHaveLength(1));
  });

  it("goes by the card's rules and the member's names of when their turn has come", async () => {
    const card = await world.card();
    const enrolment = await world.enrol(card, await world.member({ externalId: 'x', firstName: 'Ann' }));
    await world.points(enrolment, 1);
    const { memberId } = enrolment;
    let waiting: Promise<PointsOutcome> | undefined;
    await world.dataSource.transaction(async (tx) => {
      await tx.query('update enrolment set token = token where member_id = $1', [memberId]);
      waiting = world.points(enrolment, 5);
      await eventually(async () => {
        const [{ blocked }] = (await world.dataSource.query(
          `select count(*)::int as blocked from pg_stat_activity
           where datname = current_database() and $1 = any(pg_blocking_pids(pid))`,
          [await pidOf(tx)],
        )) as [{ blocked: number }];
        return blocked > 0;
      });
      await world.change(card, { pendingDays: 3 });
      await tx.query('update member set external_id = null where id = $1', [memberId]);
    });
    expect(await waiting).toMatchObject({ outcome: 'entered', balance: 1, pending: 5 });
    const told = () => world.neighbours.told(PointsAwarded).filter((item) => item.memberId === memberId);
    await eventually(() => expect(told()).toMatchObject([{ externalId: 'x' }, { externalId: null }]));
  });

  it('can be rebuilt from its entries after a storm over many members', async () => {
    const card = await world.card({
      rewards: [{ name: 'Coffee', cost: 40, campaignId: 'c', automatic: true }],
    });
    const enrolments = await Promise.all(times(12, () => world.enrol(card)));
    await Promise.all(
      times(600, (n) =>
        world.points(enrolments[(n * 7) % 12], n % 3 === 0 ? -((n % 11) + 1) : (n % 5) + 1, {
          ...(n % 4 === 0 && { reference: `r${n % 40}` }),
        }),
      ),
    );
    await world.expectSoundLedgers();
    for (const enrolment of enrolments) {
      const ledger = await world.ledger(enrolment);
      const { balance } = await world.standing(enrolment);
      expect(ledger.reduce((sum, { amount }) => sum + amount, 0)).toBe(balance);
    }
  });

  it('puts members on the card with their first points, each once, no matter who is faster', async () => {
    const card = await world.card();
    const member = await world.member({ phone: '07700 900123', country: 'GB' });
    const outcomes = await Promise.all(
      times(20, () =>
        world.ask(ChangePoints, {
          accountId: world.accountId,
          cardId: card.id,
          phone: member.phone!,
          amount: 5,
          by: 'key_test',
          enrol: true,
        }),
      ),
    );
    expect(tally(outcomes)).toEqual({ entered: 20 });
    const [{ memberId }] = outcomes.map((outcome) => (outcome as { entry: { memberId: string } }).entry);
    expect(memberId).toBe(member.id);
    const standing = await world.standing(await world.enrol(card, member));
    expect(standing.balance).toBe(100);
  });

  it('says why it enters nothing', async () => {
    const card = await world.card();
    const closed = await world.card({ active: false });
    const enrolment = await world.enrol(card);
    const { accountId } = world;
    const base = { accountId, cardId: card.id, memberId: enrolment.memberId, amount: 5, by: 'key_test' };
    const reasonOf = async (rest: object) => {
      const outcome: PointsOutcome = await world.ask(ChangePoints, { ...base, ...rest });
      return outcome.outcome === 'refused' ? outcome.reason : outcome.outcome;
    };
    expect(await reasonOf({ accountId: newId('account') })).toBe('card.not_found');
    expect(await reasonOf({ memberId: newId('member') })).toBe('member.not_found');
    expect(await reasonOf({ memberId: undefined, email: 'no address' })).toBe('member.not_found');
    expect(await reasonOf({ memberId: undefined, number: '1234567890123456' })).toBe('enrolment.not_found');
    expect(await reasonOf({ cardId: closed.id })).toBe('enrolment.not_found');
    expect(await reasonOf({ cardId: closed.id, enrol: true })).toBe('card.not_active');
    expect(await reasonOf({ memberId: undefined, number: enrolment.number })).toBe('entered');
    expect(await reasonOf({ amount: -6 })).toBe('points.insufficient');
    await expect(reasonOf({ amount: 0 })).rejects.toMatchObject({
      code: 'points.invalid_amount',
      details: { errors: [{ path: '/amount', message: 'must not be 0' }] },
    });
    await expect(reasonOf({ number: enrolment.number })).rejects.toMatchObject({
      code: 'points.member_required',
    });
  });

  it('answers a retry with what was entered, even when the card has been closed since', async () => {
    const card = await world.card();
    const enrolment = await world.enrol(card);
    const first = await world.points(enrolment, 5, { reference: 'a', reason: 'Welcome', storeId: 's1' });
    await world.change(card, { active: false });
    expect(await world.points(enrolment, 5, { reference: 'b' })).toMatchObject({ reason: 'card.not_active' });
    expect(await world.points(enrolment, 5, { reference: 'a' })).toEqual({ ...first, outcome: 'repeated' });
  });

  it('refuses every change of what was entered, to its own role and to any other', async () => {
    const enrolment = await world.enrol(await world.card());
    await world.points(enrolment, 5);
    for (const statement of ['update entry set amount = 6', 'delete from entry', 'truncate entry'])
      await expect(world.dataSource.query(statement)).rejects.toThrow('append-only');
    expect(await world.ledger(enrolment)).toHaveLength(1);
  });

  it('shows the ledger page by page', async () => {
    const enrolment = await world.enrol(await world.card());
    for (const n of [1, 2, 3, 4, 5]) await world.points(enrolment, n);
    const { accountId } = world;
    const { cardId, memberId } = enrolment;
    const page = (cursor?: string) =>
      world.ask(ListLedger, { accountId, cardId, memberId, limit: 2, cursor });
    const first = await page();
    const second = await page(first.nextCursor!);
    const third = await page(second.nextCursor!);
    const amounts = [first, second, third].map(({ data }) => data.map(({ amount }) => amount));
    expect(amounts).toEqual([[5, 4], [3, 2], [1]]);
    expect(third.nextCursor).toBeNull();
    await expect(page('nonsense')).rejects.toMatchObject({ code: 'request.invalid_cursor' });
  });
});
