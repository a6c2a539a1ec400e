import {
  ChangePoints,
  conflict,
  CreateCard,
  CreateMember,
  EnrolMember,
  GetCoupon,
  GetEnrolment,
  GetRewardIssue,
  ListCards,
  ListLedger,
  notFound,
  RedeemReward,
  SearchMembers,
  UpdateCard,
  UpdateMember,
  type PointsOutcome,
  type RewardIssue,
} from '@tearoff/contracts';
import { anEntry, anIssuedReward, knownCard } from '../src/pages/test/card.fixtures';
import { startHarness, type Harness } from './harness';
import { coupon } from './samples';

let harness: Harness;
let till: Record<string, string>;
const known = knownCard();
const { card, member, enrolment } = known;
const [reward] = card.rewards;
const onCard = `/v1/loyalty/cards/${card.id}/members/${member.id}`;

beforeAll(async () => {
  harness = await startHarness({ PUBLIC_URL: 'https://go.example' });
  till = await harness.keyFor('pos');
});
afterAll(() => harness.stop());
beforeEach(() => harness.others.reset());

const post = (path: string, body: unknown, headers = {}) => harness.call('POST', path, { body, headers });

describe('loyalty cards', () => {
  const settings = { name: 'Coffee', kind: 'stamps' };

  it('are made, and shown without the account', async () => {
    harness.others.on(CreateCard, () => card);
    const { status, body } = await post('/v1/loyalty/cards', settings);
    expect([status, body.id, 'accountId' in body]).toEqual([201, card.id, false]);
    expect(harness.others.askedFor(CreateCard)[0].card).toEqual(settings);
  });

  it('are refused with the path of everything that is wrong, a rule by its own kind', async () => {
    const { status, body } = await post('/v1/loyalty/cards', {
      ...settings,
      colour: 'red',
      design: { title: 'x', logo: 'y' },
      earning: [
        { on: 'redemption', points: 0 },
        { on: 'amount', points: 1, per: 100, currency: 'pounds' },
        { on: 'birthday', points: 1 },
        null,
        { on: 'event', points: 1, event: 'a.b', kind: 'x' },
      ],
      tiers: { period: { months: 12 }, levels: [{ name: 'Gold', from: 1, multiplier: 1.15 }] },
    });
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      '/colour',
      '/design/logo',
      '/earning/0/points',
      '/earning/1/currency',
      '/earning/2/on',
      '/earning/3',
      '/earning/4/kind',
    ]);
    expect(harness.others.asked).toEqual([]);
  });

  it('are changed by a merge patch, and listed by whether they are active', async () => {
    harness.others.on(UpdateCard, () => card);
    harness.others.on(ListCards, () => ({ data: [card], nextCursor: null }));
    const patch = { expiry: null, design: { title: 'Other' } };
    expect((await harness.call('PATCH', `/v1/loyalty/cards/${card.id}`, { body: patch })).status).toBe(200);
    expect(harness.others.askedFor(UpdateCard)[0]).toMatchObject({ cardId: card.id, patch });
    const bad = await harness.call('PATCH', `/v1/loyalty/cards/${card.id}`, { body: { kind: 'points' } });
    expect(bad.body.errors).toEqual([{ path: '/kind', message: 'is not a known field' }]);
    const design = (said: object) =>
      harness.call('PATCH', `/v1/loyalty/cards/${card.id}`, { body: { design: said } });
    expect((await design({ color: null, barcode: null, title: 'x' })).status).toBe(200);
    const wrong = await design({ color: 'red', barcode: 'stripes', titel: null });
    expect(wrong.body.errors.map((error: { path: string }) => error.path)).toEqual([
      '/design/titel',
      '/design/color',
      '/design/barcode',
    ]);
    await harness.call('GET', '/v1/loyalty/cards?active=false&limit=7');
    expect(harness.others.askedFor(ListCards)[0]).toMatchObject({ active: false, limit: 7 });
    expect((await harness.call('GET', '/v1/loyalty/cards?active=perhaps')).status).toBe(400);
  });
});

describe('members', () => {
  it('are made, found by three characters or more, and changed', async () => {
    harness.others.on(CreateMember, () => member);
    harness.others.on(UpdateMember, () => member);
    harness.others.on(SearchMembers, () => ({ data: [{ member, enrolment }], nextCursor: null }));
    const made = await post('/v1/loyalty/members', { phone: '+447400123456', password: 'hunter2 hunter2' });
    expect([made.status, JSON.stringify(made.body).includes('hunter2')]).toEqual([201, false]);

    const { body } = await harness.call('GET', `/v1/loyalty/members?q=+4474&cardId=${card.id}`);
    expect(harness.others.askedFor(SearchMembers)[0]).toMatchObject({ q: '+4474', cardId: card.id });
    expect(body.data[0]).toMatchObject({ id: member.id, enrolment: { balance: 7 } });
    expect(body.data[0].enrolment.url).toBe(`https://go.example/l/${enrolment.token}`);
    expect(body.data[0].enrolment).not.toHaveProperty('token');
    for (const q of ['小龙', '李'])
      expect((await harness.call('GET', `/v1/loyalty/members?q=${encodeURIComponent(q)}`)).status).toBe(200);
    for (const q of ['an', '%20%20%20', '+++', '%20an%20']) {
      const short = await harness.call('GET', `/v1/loyalty/members?q=${q}`);
      expect([q, short.status, short.body.errors?.[0].path]).toEqual([q, 400, '/q']);
    }

    const path = `/v1/loyalty/members/${member.id}`;
    await harness.call('PATCH', path, { body: { birthday: null } });
    expect(harness.others.askedFor(UpdateMember)[0].patch).toEqual({ birthday: null });
    const wrong = await harness.call('PATCH', path, { body: { birthday: '1990-02-30', age: 7 } });
    const paths = wrong.body.errors.map((error: { path: string }) => error.path);
    expect(new Set(paths)).toEqual(new Set(['/age', '/birthday']));
  });

  it('are told which of their names is taken', async () => {
    harness.others.on(CreateMember, () =>
      conflict('member.exists', 'Taken.', { memberId: member.id, path: '/email' }),
    );
    const { status, body } = await post('/v1/loyalty/members', { email: 'ann@example.com' });
    expect([status, body.code, body.memberId, body.path]).toEqual([
      409,
      'member.exists',
      member.id,
      '/email',
    ]);
  });

  it('are put on a card: 201 at first, 200 after', async () => {
    let repeated = false;
    harness.others.on(EnrolMember, () => ({ enrolment, repeated }));
    expect((await harness.call('PUT', onCard)).status).toBe(201);
    repeated = true;
    const again = await harness.call('PUT', onCard);
    expect([again.status, again.body.number, again.body.repeated]).toEqual([200, enrolment.number, true]);
  });
});

describe('a till', () => {
  it('reads a balance by member or number, grouped as printed, and nothing of the person', async () => {
    harness.others.on(GetEnrolment, () => enrolment);
    const path = `/v1/loyalty/cards/${card.id}/numbers/4711-0815%2012347`;
    const { status, body } = await harness.call('GET', path, { as: till });
    expect([status, body.balance]).toEqual([200, 7]);
    expect(harness.others.askedFor(GetEnrolment)[0].number).toBe('4711081512347');
    expect((await harness.call('GET', onCard, { as: till })).status).toBe(200);
    const odd = await harness.call('GET', `/v1/loyalty/cards/${card.id}/numbers/abc`, { as: till });
    expect([odd.status, odd.body.code]).toEqual([404, 'enrolment.not_found']);
  });

  it('has no part in what only marketing may do', async () => {
    const calls = [
      ['GET', '/v1/loyalty/members'],
      ['GET', `/v1/loyalty/cards/${card.id}/members`],
      ['PUT', onCard],
      ['POST', `${onCard}/rewards/${reward.id}/redeem`],
      ['GET', '/v1/loyalty/cards'],
    ];
    const answers = await Promise.all(
      calls.map(([method, path]) => harness.call(method, path, { as: till })),
    );
    expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 403));
  });
});

describe('points', () => {
  const entry = anEntry(enrolment, { amount: 3 });
  const entered = (outcome: 'entered' | 'repeated') => ({ outcome, entry, balance: 9, pending: 1 });
  const answered = {
    entryId: entry.id,
    memberId: member.id,
    amount: 3,
    balance: 9,
    pending: 1,
    repeated: false,
  };

  it('are entered: 201, and 200 for a reference that was entered before', async () => {
    let answer: PointsOutcome = entered('entered');
    harness.others.on(ChangePoints, () => answer);
    const body = { amount: 3, reference: 'receipt 1', reason: 'Lunch', storeId: 'north' };
    const first = await harness.call('POST', `${onCard}/points`, { body, as: till });
    expect([first.status, first.body]).toEqual([201, answered]);
    expect(harness.others.askedFor(ChangePoints)[0]).toMatchObject({
      ...body,
      cardId: card.id,
      memberId: member.id,
      by: till.id,
    });
    answer = entered('repeated');
    const again = await harness.call('POST', `${onCard}/points`, { body, as: till });
    expect([again.status, again.body]).toEqual([200, { ...answered, repeated: true }]);
  });

  it('are refused with the balance where there are too few, and with 404 where no one is', async () => {
    let reason: Extract<PointsOutcome, { outcome: 'refused' }>['reason'] = 'points.insufficient';
    harness.others.on(ChangePoints, () => ({ outcome: 'refused' as const, reason, balance: 2 }));
    const few = await post(`${onCard}/points`, { amount: -3 });
    expect([few.status, few.body.code, few.body.balance]).toEqual([409, 'points.insufficient', 2]);
    reason = 'enrolment.not_found';
    const nobody = await post(`${onCard}/points`, { amount: -3 });
    expect([nobody.status, nobody.body.code]).toEqual([404, 'enrolment.not_found']);
  });

  it.each([
    [{ amount: 0 }, '/amount'],
    [{ amount: 1.5 }, '/amount'],
    [{ amount: '3' }, '/amount'],
    [{ amount: 2_000_000_000 }, '/amount'],
    [{ amount: 1, by: 'somebody else' }, '/by'],
    [{}, '/amount'],
  ])('%j is refused with its path', async (body, path) => {
    const answer = await post(`${onCard}/points`, body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
    expect(harness.others.asked).toEqual([]);
  });

  it('an Idempotency-Key stands in for a reference, so that a lost answer moves nothing twice', async () => {
    const send = async (key: string | undefined, as?: Record<string, string>) => {
      const headers = key === undefined ? undefined : { 'idempotency-key': key };
      // No one answers: what is kept under the key is no answer.
      expect(
        (await harness.call('POST', `${onCard}/points`, { body: { amount: 1 }, headers, as })).status,
      ).toBe(503);
      return harness.others.askedFor(ChangePoints).at(-1)!.reference;
    };
    const first = await send('one');
    expect(first).toEqual(expect.any(String));
    expect(await send('one')).toBe(first);
    const others = [await send('two'), await send('one', till)];
    expect(new Set([first, ...others]).size).toBe(3);
    expect(await send(undefined)).toBeUndefined();
  });

  it('at a till are those of the member whom the number or the name belongs to', async () => {
    harness.others.on(ChangePoints, () => entered('entered'));
    const give = (whose: object) =>
      harness.call('POST', '/v1/loyalty/points', {
        as: till,
        body: { cardId: card.id, amount: 3, ...whose },
      });
    expect((await give({ number: '4711-0815-12347' })).status).toBe(201);
    expect((await give({ phone: '+447400123456', enrol: true })).body).toEqual(answered);
    expect(harness.others.askedFor(ChangePoints)).toMatchObject([
      { number: '4711081512347' },
      { phone: '+447400123456', enrol: true },
    ]);
    expect((await give({})).body.errors[0].path).toBe('/number');
    expect((await give({ phone: '+447400123456', email: 'a@b.example' })).body.errors[0].path).toBe('/email');
  });

  it('are listed, movement by movement', async () => {
    harness.others.on(ListLedger, () => ({ data: [entry], nextCursor: 'more' }));
    const { status, body } = await harness.call('GET', `${onCard}/ledger?limit=1`, { as: till });
    expect([status, body.data[0].amount, body.nextCursor]).toEqual([200, 3, 'more']);
  });
});

describe('a reward', () => {
  const path = `${onCard}/rewards/${reward.id}/redeem`;
  const issue = anIssuedReward(enrolment, reward, { status: 'granted' });
  const bought = (outcome: 'granted' | 'repeated' = 'granted', changes: Partial<RewardIssue> = {}) =>
    harness.others.on(RedeemReward, () => ({ outcome, issue: { ...issue, ...changes }, balance: 0 }));
  /** What becomes of it, from the second time on that it is asked for. */
  const becomes = (changes: Partial<RewardIssue>) => {
    harness.others.on(GetRewardIssue, () =>
      harness.others.askedFor(GetRewardIssue).length > 1 ? { ...issue, ...changes } : issue,
    );
    harness.others.on(GetCoupon, () => coupon({ id: issue.couponId }));
  };

  it('is answered with the coupon that was issued for it', async () => {
    bought();
    becomes({ status: 'issued' });
    const { status, body } = await post(path, { reference: 'app 1' });
    expect([status, body.id, body.repeated]).toEqual([201, issue.couponId, false]);
    expect(harness.others.askedFor(RedeemReward)[0]).toMatchObject({
      rewardId: reward.id,
      reference: 'app 1',
    });
    expect(harness.others.askedFor(GetRewardIssue)[0].rewardIssueId).toBe(issue.id);
    bought('repeated', { status: 'issued' });
    expect((await post(path, { reference: 'app 1' })).status).toBe(200);
    expect(harness.others.askedFor(GetCoupon).map(({ couponId }) => couponId)).toEqual([
      issue.couponId,
      issue.couponId,
    ]);
  });

  it('needs no body', async () => {
    harness.others.on(RedeemReward, () => notFound('card.not_found', 'No such card.'));
    expect((await harness.call('POST', path)).status).toBe(404);
  });

  it('without enough points, or of a campaign that gives none, is a conflict', async () => {
    harness.others.on(RedeemReward, () => ({
      outcome: 'refused' as const,
      reason: 'points.insufficient' as const,
      balance: 3,
    }));
    const few = await post(path, {});
    expect([few.status, few.body.code, few.body.balance]).toEqual([409, 'points.insufficient', 3]);
    bought();
    becomes({ status: 'refused', reason: 'campaign.not_active' });
    const none = await post(path, {});
    expect([none.status, none.body.code]).toEqual([409, 'campaign.not_active']);
  });

  it('is issued by no one but issuance: never asked of it, least of all when the points have come back', async () => {
    bought('repeated', { status: 'refused', reason: 'campaign.exhausted' });
    const { status, body } = await post(path, { reference: 'app 1' });
    expect([status, body.code]).toEqual([409, 'campaign.exhausted']);
    expect(harness.others.asked.map(({ command }) => command)).toEqual([RedeemReward.name]);
  });

  it('that is not decided in time is 202, and the same Idempotency-Key hears what became of it', async () => {
    bought();
    harness.others.on(GetRewardIssue, () => issue);
    const headers = { 'idempotency-key': 'reward 1', prefer: 'wait=0' };
    const early = await post(path, {}, headers);
    expect([early.status, early.headers.get('preference-applied')]).toEqual([202, 'wait=0']);
    expect(early.body).toMatchObject({ id: issue.id, status: 'granted', couponId: issue.couponId });
    expect(early.body).not.toHaveProperty('accountId');
    bought('repeated');
    becomes({ status: 'issued' });
    const late = await post(path, {}, headers);
    expect([late.status, late.body.id]).toEqual([200, issue.couponId]);
    const [first, second] = harness.others.askedFor(RedeemReward);
    expect(second.reference).toBe(first.reference);
  });

  it('is 202 too while loyalty has fallen silent: the points are spent', async () => {
    bought();
    const { status } = await post(path, {}, { prefer: 'wait=0' });
    expect(status).toBe(202);
  });
});
