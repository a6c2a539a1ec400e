import {
  CouponRedeemed,
  CouponVoided,
  deadLetterCommands,
  DeliverySettled,
  DomainError,
  GetCampaign,
  GetCoupon,
  newId,
  notFound,
  type ItemOf,
} from '@tearoff/contracts';
import { describeWithBroker, eventually, testBroker, type TestBroker } from '@tearoff/testing';
import { inProcessTransport, rabbitTransport, type Transport } from '../src';
import {
  act,
  allow,
  count,
  effects,
  effectsDatabase,
  refuse,
  startConsumer,
  startProducer,
  taker,
  tell,
  voided,
  type Behaviour,
  type Database,
  type Running,
} from './fixture';

const accountId = newId('account');
describe('messaging in one process', () => {
  conformance(() => inProcessTransport(['gateway', 'issuance', 'insights']));
});

describeWithBroker('messaging over RabbitMQ', () => {
  let broker: TestBroker;
  conformance(() => {
    broker = testBroker();
    return rabbitTransport(broker);
  });
  afterEach(() => broker.cleanup());
});

function conformance(newTransport: () => Transport): void {
  let transport: Transport;
  let here: Database;
  let there: Database;
  let running: Running[];

  const producer = async (): Promise<Running> => started(await startProducer(transport, here));
  const consumer = async (behaviour?: Behaviour): Promise<Running> =>
    started(await startConsumer(transport, there, behaviour));
  const started = (service: Running): Running => {
    running.push(service);
    return service;
  };

  beforeAll(async () => {
    [here, there] = await Promise.all([effectsDatabase(), effectsDatabase()]);
  });
  afterAll(() => Promise.all([here.drop(), there.drop()]));
  beforeEach(() => {
    transport = newTransport();
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((service) => service.stop()));
    await Promise.all([here.empty(), there.empty()]);
  });

  describe('events', () => {
    it('says what was committed, and nothing of what was rolled back', async () => {
      const { dataSource } = await consumer({ onVoided: act });
      const { messaging } = await producer();
      await expect(
        messaging.outbox.transaction(async (tx) => {
          await messaging.outbox.add(tx, CouponVoided, [voided('never')]);
          throw new Error('changed my mind');
        }),
      ).rejects.toThrow('changed my mind');
      await messaging.outbox.transaction((tx) => messaging.outbox.add(tx, CouponVoided, [voided('once')]));
      await eventually(async () => expect(await effects(dataSource)).toEqual(['once']));
    });

    it('leaves nothing behind in the outbox, and as many items arrive as were added', async () => {
      const { dataSource } = await consumer({ onVoided: act });
      const teller = await producer();
      const codes = Array.from({ length: 1_201 }, (_, index) => `c${index}`);
      await teller.messaging.outbox.transaction((tx) =>
        teller.messaging.outbox.add(tx, CouponVoided, codes.map(voided)),
      );
      await eventually(async () => expect(await effects(dataSource)).toEqual([...codes].sort()));
      await eventually(async () => expect(await count(teller.dataSource, 'outbox')).toBe(0));
    });

    it('are not told before their time', async () => {
      const seen: number[] = [];
      await consumer({ onVoided: () => Promise.resolve(void seen.push(Date.now())) });
      const { messaging } = await producer();
      const availableAt = new Date(Date.now() + 700);
      await messaging.outbox.transaction((tx) =>
        messaging.outbox.add(tx, CouponVoided, [voided('later')], { availableAt }),
      );
      await eventually(() => expect(seen).toHaveLength(1));
      expect(seen[0]).toBeGreaterThanOrEqual(availableAt.getTime());
    });

    it('carry the context of the request that caused each item', async () => {
      const contexts: unknown[] = [];
      await consumer({
        onVoided: (_items, context) => Promise.resolve(void contexts.push(...context.contexts)),
      });
      const { messaging } = await producer();
      const caused = [
        { correlationId: 'r1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
        null,
      ];
      await messaging.outbox.transaction((tx) =>
        messaging.outbox.add(tx, CouponVoided, [voided('a'), voided('b')], { contexts: caused }),
      );
      await eventually(() => expect(contexts).toEqual([caused[0], {}]));
    });

    it('wait for a consumer that has not started yet', async () => {
      const teller = await producer();
      await tell(teller, 'early');
      await eventually(async () => {
        // Out of the outbox (a broker keeps it) or put off in it (nothing else would).
        const rows: { late: boolean }[] = await teller.dataSource.query(
          'select available_at > created_at as late from outbox',
        );
        expect(rows.every((row) => row.late)).toBe(true);
      });
      const { dataSource } = await consumer({ onVoided: act });
      await eventually(async () => expect(await effects(dataSource)).toEqual(['early']));
    });

    it('are tried again when their handler throws, and what it had written is undone', async () => {
      let failures = 2;
      const { dataSource } = await consumer({
        onVoided: async (items, context) => {
          await act(items, context);
          if (failures-- > 0) throw new Error('not yet');
        },
      });
      await tell(await producer(), 'stubborn');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['stubborn']));
      expect(failures).toBe(-1);
      expect(await count(dataSource, 'dead_letter')).toBe(0);
    });

    it('rest as dead letters after the last attempt, hold no one up, and can be replayed', async () => {
      let broken = true;
      const { dataSource } = await consumer({
        onVoided: async (items, context) => {
          if (broken && items.some(({ code }) => code === 'bad')) throw new Error('cannot do bad');
          await act(items, context);
        },
      });
      const teller = await producer();
      await tell(teller, 'good1', 'bad', 'good2');
      await teller.messaging.outbox.transaction((tx) =>
        teller.messaging.outbox.add(tx, CouponVoided, ['good3', 'bad', 'good4'].map(voided)),
      );
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(2));
      await eventually(async () =>
        expect(await effects(dataSource)).toEqual(['good1', 'good2', 'good3', 'good4']),
      );
      const { list, get, replay } = deadLetterCommands.issuance;
      const { commands } = teller.messaging;
      const { data: letters } = await commands.send(list, {});
      expect(letters[0]).toMatchObject({ queue: 'issuance.events', type: CouponVoided.type, attempts: 3 });
      expect(letters[0].reason).toContain('cannot do bad');
      broken = false;
      expect(await commands.send(list, { limit: 1, before: letters[0].id })).toEqual({ data: [letters[1]] });
      const { body, ...letter } = await commands.send(get, { id: letters[0].id });
      expect([letter, body.includes('"bad"')]).toEqual([letters[0], true]);
      for (const { id } of letters) await commands.send(replay, { id });
      await expect(commands.send(replay, { id: letters[0].id })).rejects.toMatchObject({
        code: 'dead_letter.not_found',
      });
      await eventually(async () =>
        expect((await effects(dataSource)).filter((key) => key === 'bad')).toHaveLength(2),
      );
      expect(await count(dataSource, 'dead_letter')).toBe(0);
    });

    it('of a handler that cannot reach a server of its own end as dead letters, and hold no neighbour up', async () => {
      let calls = 0;
      const { dataSource } = await consumer({
        onVoided: async (items, context) => {
          if (items.some(({ code }) => code === 'bad')) {
            calls++;
            const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
            throw new Error('fetch failed', { cause });
          }
          await act(items, context);
        },
      });
      await tell(await producer(), 'good1', 'bad', 'good2');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['good1', 'good2']));
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(1));
      const [letter]: unknown[] = await dataSource.query('select attempts, reason from dead_letter');
      expect(letter).toMatchObject({ attempts: 3, reason: expect.stringContaining('fetch failed') });
      expect(calls).toBeLessThanOrEqual(4);
    });

    it('that cannot be read, are of an unknown type or break their contract are dead-lettered at once', async () => {
      const { dataSource, messaging } = await consumer({ onVoided: act });
      const teller = await producer();
      const link = await transport.connect('redemption');
      const envelope = {
        specversion: '1.0',
        source: 'test',
        time: '2026-01-01T00:00:00Z',
        datacontenttype: 'application/json',
      };
      const bodies = [
        'not json \0',
        '{}',
        '[{"id":1}]',
        JSON.stringify([{ ...envelope, id: 'u1', type: 'unheard.of.v1', data: { items: [{}] } }]),
        JSON.stringify([{ ...envelope, id: 'u2', type: CouponVoided.type, data: { items: [{ code: 7 }] } }]),
      ];
      for (const body of bodies) await link.publish({ to: { queue: 'issuance.events' }, body });
      await tell(teller, 'fine');
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(5));
      await eventually(async () => expect(await effects(dataSource)).toEqual(['fine']));
      const letters = await messaging.deadLetters.list();
      const unreadable = letters.find(({ reason }) => reason.includes('not JSON'))!;
      await expect(messaging.deadLetters.replay(unreadable.id)).rejects.toMatchObject({
        code: 'dead_letter.unreadable',
      });
      expect(await messaging.deadLetters.list()).toEqual(letters);
      await link.close();
    });

    it.each([
      ['a NUL in its type', { type: 'a\u0000b' }],
      ['a NUL in its id', { id: 'a\u0000b' }],
      ['a NUL in its source', { source: 'a\u0000b' }],
      ['a NUL in its account', { account: 'a\u0000b' }],
      ['half a surrogate pair in its id', { id: '\ud800' }],
      ['too long a type', { type: 'x'.repeat(10_000) }],
      ['too long an id', { id: 'x'.repeat(10_000) }],
      ['more attempts than a number holds', { attempt: 1e12 }],
      ['data that are nested too deeply', { data: 'deep' }],
    ])('with %s are dead-lettered, and those of the same message are handled', async (_, attributes) => {
      const { dataSource, messaging } = await consumer({ onVoided: act });
      const envelope = (code: string) => ({
        specversion: '1.0',
        id: `id-${code}`,
        type: CouponVoided.type,
        source: 'test',
        time: '2026-01-01T00:00:00Z',
        datacontenttype: 'application/json',
        data: { items: [voided(code)] },
      });
      const batch = [envelope('good1'), { ...envelope('bad'), ...attributes }, envelope('good2')];
      const deep = `{"items":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`;
      const body = JSON.stringify(batch).replace('"deep"', deep);
      const link = await transport.connect('redemption');
      await link.publish({ to: { queue: 'issuance.events' }, body });
      await eventually(async () => expect(await effects(dataSource)).toEqual(['good1', 'good2']));
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(1));
      const [letter] = await messaging.deadLetters.list();
      expect(letter.reason).toMatch(/malformed: not a CloudEvent|not as contracted/);
      await link.close();
    });

    it('that can be neither handled nor put off are given up after some tries, and lost nowhere', async () => {
      const { dataSource } = await consumer({
        onVoided: async (items, context) => {
          if (items.some(({ code }) => code.startsWith('bad'))) throw new Error('cannot do bad');
          await act(items, context);
        },
      });
      await refuse(dataSource, 'outbox', 'true');
      await tell(await producer(), 'good1', 'bad1', 'good2');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['good1', 'good2']));
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(1));
      const [letter]: unknown[] = await dataSource.query('select reason, body from dead_letter');
      expect(letter).toMatchObject({
        reason: expect.stringMatching(/could not be put off.*refused.*cannot do bad/s),
        body: expect.stringContaining('bad1'),
      });

      // Not even that can be recorded: it waits with the service's dead messages until it can.
      await refuse(dataSource, 'dead_letter', `new.reason like '%cannot do bad%'`);
      await tell(await producer(), 'bad2', 'good3');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['good1', 'good2', 'good3']));
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(2));
      const [, second]: unknown[] = await dataSource.query(
        'select reason, body from dead_letter order by id',
      );
      expect(second).toMatchObject({
        reason: 'could be neither handled nor recorded',
        body: expect.stringContaining('bad2'),
      });
      await allow(dataSource);
    });

    it('that arrive twice have their effect once, also at two instances at the same time', async () => {
      const { dataSource } = await consumer({ onVoided: act });
      await consumer({ onVoided: act });
      const link = await transport.connect('redemption');
      const body = JSON.stringify([
        {
          specversion: '1.0',
          id: newId('event'),
          type: CouponVoided.type,
          source: 'test',
          time: '2026-01-01T00:00:00Z',
          datacontenttype: 'application/json',
          data: { items: [voided('twin')] },
        },
      ]);
      await Promise.all(
        Array.from({ length: 20 }, () => link.publish({ to: { queue: 'issuance.events' }, body })),
      );
      await tell(await producer(), 'zlast');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['twin', 'zlast']));
      await link.close();
    });
  });

  describe('events that some let gather', () => {
    it('reach the others although those are away, and those once they come or although others are away', async () => {
      const link = await transport.connect('redemption');
      const { messaging, dataSource } = await producer();
      const settled = { deliveryId: newId('delivery'), accountId } as ItemOf<typeof DeliverySettled>;
      const redeemed = { redemptionId: newId('redemption'), accountId } as ItemOf<typeof CouponRedeemed>;
      const issuance = await taker(link, 'issuance.events');
      await messaging.outbox.transaction((tx) => messaging.outbox.add(tx, CouponRedeemed, [redeemed]));
      await eventually(() => expect(issuance.ids()).toEqual([redeemed.redemptionId]));

      const insights = await taker(link, 'insights.events');
      await eventually(() => expect(insights.ids()).toEqual([redeemed.redemptionId]));

      await messaging.outbox.transaction((tx) => messaging.outbox.add(tx, DeliverySettled, [settled]));
      const both = [redeemed.redemptionId, settled.deliveryId];
      await eventually(() => expect([issuance.ids(), insights.ids()]).toEqual([both, both]));
      await eventually(async () => expect(await count(dataSource, 'outbox')).toBe(0));

      await issuance.stop();
      const next = { ...redeemed, redemptionId: newId('redemption') };
      await messaging.outbox.transaction((tx) => messaging.outbox.add(tx, CouponRedeemed, [next]));
      await eventually(() => expect(insights.ids()).toContain(next.redemptionId));
      await insights.stop();
      await link.close();
    });
  });

  describe('commands', () => {
    it('answer, one by one or gathered, each caller getting its own answer', async () => {
      const sizes: number[] = [];
      await consumer({
        getCoupon: (requests) => {
          sizes.push(requests.length);
          return Promise.resolve(requests.map(({ couponId }) => ({ id: couponId })));
        },
        getCampaign: ({ campaignId }) => Promise.resolve({ id: campaignId }),
      });
      const { messaging } = await producer();
      const asked = Array.from({ length: 500 }, (_, index) => `cpn_${index}`);
      const answers = await Promise.all(
        asked.map((couponId) => messaging.commands.send(GetCoupon, { accountId, couponId })),
      );
      expect(answers.map(({ id }) => id)).toEqual(asked);
      expect(Math.max(...sizes)).toBeGreaterThan(1);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
      expect(await messaging.commands.send(GetCampaign, { accountId, campaignId: 'cam_1' })).toEqual({
        id: 'cam_1',
      });
    });

    it('carry each request context and come back with typed errors', async () => {
      const contexts: unknown[] = [];
      await consumer({
        getCoupon: (requests, context) => {
          contexts.push(...context.contexts);
          return Promise.resolve(
            requests.map(({ couponId }) =>
              couponId === 'cpn_none'
                ? notFound('coupon.not_found', 'No such coupon.', { hint: 1 })
                : { id: couponId },
            ),
          );
        },
        getCampaign: () => Promise.reject(new Error('inner secret')),
      });
      const { messaging } = await producer();
      const [bad, good] = await Promise.allSettled([
        messaging.commands.send(
          GetCoupon,
          { accountId, couponId: 'cpn_none' },
          { context: { correlationId: 'x' } },
        ),
        messaging.commands.send(GetCoupon, { accountId, couponId: 'cpn_some' }),
      ]);
      expect(bad).toMatchObject({
        reason: { code: 'coupon.not_found', kind: 'not_found', details: { hint: 1 } },
      });
      expect((bad as PromiseRejectedResult).reason).toBeInstanceOf(DomainError);
      expect(good).toMatchObject({ value: { id: 'cpn_some' } });
      expect(contexts).toContainEqual({ correlationId: 'x' });
      const hidden = messaging.commands.send(GetCampaign, { accountId, campaignId: 'cam_1' });
      await expect(hidden).rejects.toMatchObject({
        code: 'internal',
        message: expect.not.stringContaining('secret'),
      });
    });

    it('that break their contract are refused before the handler sees them', async () => {
      const handled = jest.fn();
      await consumer({ getCoupon: handled });
      const { messaging } = await producer();
      const wrong = messaging.commands.send(GetCoupon, { accountId, couponId: 7 as unknown as string });
      await expect(wrong).rejects.toMatchObject({ code: 'command.invalid', kind: 'invalid' });
      expect(handled).not.toHaveBeenCalled();
    });

    it('of a batch that fails as a whole are run singly', async () => {
      await consumer({
        getCoupon: (requests) => {
          if (requests.some(({ couponId }) => couponId === 'cpn_poison')) throw new Error('poisoned');
          return Promise.resolve(requests.map(({ couponId }) => ({ id: couponId })));
        },
      });
      const { messaging } = await producer();
      const outcomes = await Promise.allSettled(
        ['cpn_1', 'cpn_poison', 'cpn_2'].map((couponId) =>
          messaging.commands.send(GetCoupon, { accountId, couponId }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });

    it('find the service unavailable while its database has no connection left, and are not tried singly', async () => {
      let tries = 0;
      await consumer({
        getCoupon: () => {
          tries++;
          const severity = 'FATAL'; // only the server's own errors have one
          throw Object.assign(new Error('sorry, too many clients already'), { code: '53300', severity });
        },
      });
      const { messaging } = await producer();
      const ask = (couponId: string): Promise<unknown> =>
        messaging.commands.send(GetCoupon, { accountId, couponId }, { deadlineMs: 20_000 });
      const outcomes = await Promise.allSettled(['cpn_1', 'cpn_2'].map(ask));
      for (const outcome of outcomes)
        expect(outcome).toMatchObject({ reason: { code: 'service.unavailable', kind: 'unavailable' } });
      expect(tries).toBeLessThanOrEqual(2);
    });

    it('are not executed after their deadline', async () => {
      const executed: string[] = [];
      let free: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (free = resolve));
      await consumer({
        getCoupon: async (requests) => {
          executed.push(...requests.map(({ couponId }) => couponId));
          await held;
          return requests.map(({ couponId }) => ({ id: couponId }));
        },
      });
      const { messaging } = await producer();
      const ask = (couponId: string, deadlineMs: number): Promise<unknown> =>
        messaging.commands.send(GetCoupon, { accountId, couponId }, { deadlineMs });
      const first = ask('cpn_1', 20_000);
      await eventually(() => expect(executed).toEqual(['cpn_1']));
      const second = ask('cpn_2', 20_000);
      await eventually(() => expect(executed).toEqual(['cpn_1', 'cpn_2']));
      // Two messages are in flight, so this one waits for its turn, and longer than its caller does.
      await expect(ask('cpn_late', 100)).rejects.toMatchObject({ code: 'service.deadline_exceeded' });
      free();
      await Promise.all([first, second]);
      expect(await ask('cpn_3', 20_000)).toEqual({ id: 'cpn_3' });
      expect(executed).toEqual(['cpn_1', 'cpn_2', 'cpn_3']);
    });

    it('are shared by as many instances as answer, two messages each', async () => {
      let inFlight = 0;
      let maxInFlight = 0;
      const handle: Behaviour['getCoupon'] = async (requests) => {
        maxInFlight = Math.max(maxInFlight, ++inFlight);
        await new Promise(setImmediate);
        if (requests[0].couponId === 'cpn_held') await held;
        inFlight--;
        return requests.map(({ couponId }) => ({ id: couponId }));
      };
      let free: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (free = resolve));
      for (let instance = 0; instance < 3; instance++) await consumer({ getCoupon: handle });
      const { messaging } = await producer();
      const ask = (couponId: string): Promise<unknown> =>
        messaging.commands.send(GetCoupon, { accountId, couponId }, { deadlineMs: 20_000 });
      for (let round = 0; round < 9; round++) await ask('cpn_first');
      maxInFlight = 0;
      const asked: Promise<unknown>[] = [];
      for (let message = 1; message <= 6; message++) {
        asked.push(ask('cpn_held'));
        await eventually(() => expect(maxInFlight).toBe(message));
      }
      asked.push(ask('cpn_held'));
      // A seventh has its turn when one of the six is answered.
      await messaging.commands
        .send(GetCoupon, { accountId, couponId: 'cpn_late' }, { deadlineMs: 50 })
        .catch(() => undefined);
      expect(maxInFlight).toBe(6);
      free();
      await Promise.all(asked);
    });

    it('fail at once when no such service runs, also after it has stopped', async () => {
      const { messaging } = await producer();
      const ask = (): Promise<unknown> =>
        messaging.commands.send(GetCampaign, { accountId, campaignId: 'cam_1' }, { deadlineMs: 60_000 });
      await expect(ask()).rejects.toMatchObject({ code: 'service.unavailable', kind: 'unavailable' });
      const service = await startConsumer(transport, there, {
        getCampaign: () => Promise.resolve({ id: 'cam_1' }),
      });
      await expect(ask()).resolves.toEqual({ id: 'cam_1' });
      await service.stop();
      await expect(ask()).rejects.toMatchObject({ code: 'service.unavailable' });
    });
  });

  it('finishes what is in hand when it is stopped, and loses none of the rest', async () => {
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const begun: string[] = [];
    const slow = await startConsumer(transport, there, {
      onVoided: async (items, context) => {
        begun.push(...items.map(({ code }) => code));
        await held;
        await act(items, context);
      },
      getCampaign: async () => {
        begun.push('command');
        await held;
        return { id: 'cam_1' };
      },
    });
    const teller = await producer();
    const answer = teller.messaging.commands.send(GetCampaign, { accountId, campaignId: 'cam_1' });
    const codes = Array.from({ length: 300 }, (_, index) => `c${index}`);
    await tell(teller, ...codes);
    await eventually(() => expect(begun).toContain('command'));
    await eventually(() => expect(begun.length).toBeGreaterThan(1));
    const stopping = slow.stop();
    free();
    await stopping;
    await expect(answer).resolves.toEqual({ id: 'cam_1' });
    const { dataSource } = await consumer({ onVoided: act });
    await eventually(async () => expect(await effects(dataSource)).toEqual([...codes].sort()));
  });

  it('says what passes by to anyone who listens at this moment', async () => {
    const gateway = started(await startProducer(transport, here, 'gateway'));
    await consumer({ onVoided: act });
    const heard: string[] = [];
    const off = gateway.messaging.broadcasts.on(CouponVoided, ({ code }) => void heard.push(code));
    const teller = started(await startProducer(transport, there, 'redemption'));
    await tell(teller, 'loud');
    await eventually(() => expect(heard).toContain('loud'));
    off();
  });
}
