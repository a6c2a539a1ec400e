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
  recordEffects,
  allowInserts,
  count,
  effects,
  effectsDatabase,
  refuseInserts,
  startConsumer,
  startProducer,
  consumeAll,
  publish,
  voidedItem,
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
  let producerDatabase: Database;
  let consumerDatabase: Database;
  let running: Running[];

  const producer = async (): Promise<Running> => started(await startProducer(transport, producerDatabase));
  const consumer = async (behaviour?: Behaviour): Promise<Running> =>
    started(await startConsumer(transport, consumerDatabase, behaviour));
  const started = (service: Running): Running => {
    running.push(service);
    return service;
  };

  beforeAll(async () => {
    [producerDatabase, consumerDatabase] = await Promise.all([effectsDatabase(), effectsDatabase()]);
  });
  afterAll(() => Promise.all([producerDatabase.drop(), consumerDatabase.drop()]));
  beforeEach(() => {
    transport = newTransport();
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((service) => service.stop()));
    await Promise.all([producerDatabase.empty(), consumerDatabase.empty()]);
  });

  describe('events', () => {
    it('publishes what was committed, and nothing that was rolled back', async () => {
      const { dataSource } = await consumer({ onVoided: recordEffects });
      const { messaging } = await producer();
      await expect(
        messaging.outbox.transaction(async (tx) => {
          await messaging.outbox.add(tx, CouponVoided, [voidedItem('never')]);
          throw new Error('roll back');
        }),
      ).rejects.toThrow('roll back');
      await messaging.outbox.transaction((tx) =>
        messaging.outbox.add(tx, CouponVoided, [voidedItem('once')]),
      );
      await eventually(async () => expect(await effects(dataSource)).toEqual(['once']));
    });

    it('leave no row in the outbox, and exactly the added items arrive', async () => {
      const { dataSource } = await consumer({ onVoided: recordEffects });
      const publisher = await producer();
      const codes = Array.from({ length: 1_201 }, (_, index) => `c${index}`);
      await publisher.messaging.outbox.transaction((tx) =>
        publisher.messaging.outbox.add(tx, CouponVoided, codes.map(voidedItem)),
      );
      await eventually(async () => expect(await effects(dataSource)).toEqual([...codes].sort()));
      await eventually(async () => expect(await count(publisher.dataSource, 'outbox')).toBe(0));
    });

    it('are not published before their time', async () => {
      const seen: number[] = [];
      await consumer({ onVoided: () => Promise.resolve(void seen.push(Date.now())) });
      const { messaging } = await producer();
      const availableAt = new Date(Date.now() + 700);
      await messaging.outbox.transaction((tx) =>
        messaging.outbox.add(tx, CouponVoided, [voidedItem('later')], { availableAt }),
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
        messaging.outbox.add(tx, CouponVoided, [voidedItem('a'), voidedItem('b')], { contexts: caused }),
      );
      await eventually(() => expect(contexts).toEqual([caused[0], {}]));
    });

    it('wait for a consumer that has not started yet', async () => {
      const publisher = await producer();
      await publish(publisher, 'early');
      await eventually(async () => {
        // The row was deleted (the broker stores the event) or rescheduled (the in-process transport stores nothing).
        const rows: { late: boolean }[] = await publisher.dataSource.query(
          'select available_at > created_at as late from outbox',
        );
        expect(rows.every((row) => row.late)).toBe(true);
      });
      const { dataSource } = await consumer({ onVoided: recordEffects });
      await eventually(async () => expect(await effects(dataSource)).toEqual(['early']));
    });

    it('are tried again when their handler throws, and its writes are rolled back', async () => {
      let failures = 2;
      const { dataSource } = await consumer({
        onVoided: async (items, context) => {
          await recordEffects(items, context);
          if (failures-- > 0) throw new Error('not yet');
        },
      });
      await publish(await producer(), 'stubborn');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['stubborn']));
      expect(failures).toBe(-1);
      expect(await count(dataSource, 'dead_letter')).toBe(0);
    });

    it('become dead letters after the last attempt, delay no other event, and can be replayed', async () => {
      let broken = true;
      const { dataSource } = await consumer({
        onVoided: async (items, context) => {
          if (broken && items.some(({ code }) => code === 'bad')) throw new Error('cannot do bad');
          await recordEffects(items, context);
        },
      });
      const publisher = await producer();
      await publish(publisher, 'good1', 'bad', 'good2');
      await publisher.messaging.outbox.transaction((tx) =>
        publisher.messaging.outbox.add(tx, CouponVoided, ['good3', 'bad', 'good4'].map(voidedItem)),
      );
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(2));
      await eventually(async () =>
        expect(await effects(dataSource)).toEqual(['good1', 'good2', 'good3', 'good4']),
      );
      const { list, get, replay } = deadLetterCommands.issuance;
      const { commands } = publisher.messaging;
      const { data: deadLetters } = await commands.send(list, {});
      expect(deadLetters[0]).toMatchObject({
        queue: 'issuance.events',
        type: CouponVoided.type,
        attempts: 3,
      });
      expect(deadLetters[0].reason).toContain('cannot do bad');
      broken = false;
      expect(await commands.send(list, { limit: 1, before: deadLetters[0].id })).toEqual({
        data: [deadLetters[1]],
      });
      const { body, ...letter } = await commands.send(get, { id: deadLetters[0].id });
      expect([letter, body.includes('"bad"')]).toEqual([deadLetters[0], true]);
      for (const { id } of deadLetters) await commands.send(replay, { id });
      await expect(commands.send(replay, { id: deadLetters[0].id })).rejects.toMatchObject({
        code: 'dead_letter.not_found',
      });
      await eventually(async () =>
        expect((await effects(dataSource)).filter((key) => key === 'bad')).toHaveLength(2),
      );
      expect(await count(dataSource, 'dead_letter')).toBe(0);
    });

    it('whose handler cannot reach a server become dead letters, and delay no other event', async () => {
      let calls = 0;
      const { dataSource } = await consumer({
        onVoided: async (items, context) => {
          if (items.some(({ code }) => code === 'bad')) {
            calls++;
            const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
            throw new Error('fetch failed', { cause });
          }
          await recordEffects(items, context);
        },
      });
      await publish(await producer(), 'good1', 'bad', 'good2');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['good1', 'good2']));
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(1));
      const [letter]: unknown[] = await dataSource.query('select attempts, reason from dead_letter');
      expect(letter).toMatchObject({ attempts: 3, reason: expect.stringContaining('fetch failed') });
      expect(calls).toBeLessThanOrEqual(4);
    });

    it('that cannot be read, are of an unknown type or break their contract are dead-lettered immediately', async () => {
      const { dataSource, messaging } = await consumer({ onVoided: recordEffects });
      const publisher = await producer();
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
        JSON.stringify([{ ...envelope, id: 'u1', type: 'unknown.event.v1', data: { items: [{}] } }]),
        JSON.stringify([{ ...envelope, id: 'u2', type: CouponVoided.type, data: { items: [{ code: 7 }] } }]),
      ];
      for (const body of bodies) await link.publish({ to: { queue: 'issuance.events' }, body });
      await publish(publisher, 'fine');
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
      ['data nested too deeply', { data: 'deep' }],
    ])('with %s are dead-lettered, and the others of the message are handled', async (_, attributes) => {
      const { dataSource, messaging } = await consumer({ onVoided: recordEffects });
      const envelope = (code: string) => ({
        specversion: '1.0',
        id: `id-${code}`,
        type: CouponVoided.type,
        source: 'test',
        time: '2026-01-01T00:00:00Z',
        datacontenttype: 'application/json',
        data: { items: [voidedItem(code)] },
      });
      const batch = [envelope('good1'), { ...envelope('bad'), ...attributes }, envelope('good2')];
      const deep = `{"items":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`;
      const body = JSON.stringify(batch).replace('"deep"', deep);
      const link = await transport.connect('redemption');
      await link.publish({ to: { queue: 'issuance.events' }, body });
      await eventually(async () => expect(await effects(dataSource)).toEqual(['good1', 'good2']));
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(1));
      const [letter] = await messaging.deadLetters.list();
      expect(letter.reason).toMatch(/malformed: not a CloudEvent|does not match its contract/);
      await link.close();
    });

    it('that can be neither handled nor rescheduled are rejected after some tries, and become dead letters', async () => {
      const { dataSource } = await consumer({
        onVoided: async (items, context) => {
          if (items.some(({ code }) => code.startsWith('bad'))) throw new Error('cannot do bad');
          await recordEffects(items, context);
        },
      });
      await refuseInserts(dataSource, 'outbox', 'true');
      await publish(await producer(), 'good1', 'bad1', 'good2');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['good1', 'good2']));
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(1));
      const [letter]: unknown[] = await dataSource.query('select reason, body from dead_letter');
      expect(letter).toMatchObject({
        reason: expect.stringMatching(/could not be rescheduled.*refused.*cannot do bad/s),
        body: expect.stringContaining('bad1'),
      });

      // The dead letter cannot be recorded either: the message waits in the service's dead messages until it can.
      await refuseInserts(dataSource, 'dead_letter', `new.reason like '%cannot do bad%'`);
      await publish(await producer(), 'bad2', 'good3');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['good1', 'good2', 'good3']));
      await eventually(async () => expect(await count(dataSource, 'dead_letter')).toBe(2));
      const [, second]: unknown[] = await dataSource.query(
        'select reason, body from dead_letter order by id',
      );
      expect(second).toMatchObject({
        reason: 'could be neither handled nor recorded',
        body: expect.stringContaining('bad2'),
      });
      await allowInserts(dataSource);
    });

    it('that arrive several times have their effect once, with two instances as well', async () => {
      const { dataSource } = await consumer({ onVoided: recordEffects });
      await consumer({ onVoided: recordEffects });
      const link = await transport.connect('redemption');
      const body = JSON.stringify([
        {
          specversion: '1.0',
          id: newId('event'),
          type: CouponVoided.type,
          source: 'test',
          time: '2026-01-01T00:00:00Z',
          datacontenttype: 'application/json',
          data: { items: [voidedItem('twin')] },
        },
      ]);
      await Promise.all(
        Array.from({ length: 20 }, () => link.publish({ to: { queue: 'issuance.events' }, body })),
      );
      await publish(await producer(), 'zlast');
      await eventually(async () => expect(await effects(dataSource)).toEqual(['twin', 'zlast']));
      await link.close();
    });
  });

  describe('events that some queues batch', () => {
    it('reach the other queues while a batching queue has no consumer, and a batching queue while another has none', async () => {
      const link = await transport.connect('redemption');
      const { messaging, dataSource } = await producer();
      const settled = { deliveryId: newId('delivery'), accountId } as ItemOf<typeof DeliverySettled>;
      const redeemed = { redemptionId: newId('redemption'), accountId } as ItemOf<typeof CouponRedeemed>;
      const issuance = await consumeAll(link, 'issuance.events');
      await messaging.outbox.transaction((tx) => messaging.outbox.add(tx, CouponRedeemed, [redeemed]));
      await eventually(() => expect(issuance.ids()).toEqual([redeemed.redemptionId]));

      const insights = await consumeAll(link, 'insights.events');
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
    it('are answered, one by one or in batches, and each caller gets its own answer', async () => {
      const sizes: number[] = [];
      await consumer({
        getCoupon: (requests) => {
          sizes.push(requests.length);
          return Promise.resolve(requests.map(({ couponId }) => ({ id: couponId })));
        },
        getCampaign: ({ campaignId }) => Promise.resolve({ id: campaignId }),
      });
      const { messaging } = await producer();
      const couponIds = Array.from({ length: 500 }, (_, index) => `cpn_${index}`);
      const answers = await Promise.all(
        couponIds.map((couponId) => messaging.commands.send(GetCoupon, { accountId, couponId })),
      );
      expect(answers.map(({ id }) => id)).toEqual(couponIds);
      expect(Math.max(...sizes)).toBeGreaterThan(1);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
      expect(await messaging.commands.send(GetCampaign, { accountId, campaignId: 'cam_1' })).toEqual({
        id: 'cam_1',
      });
    });

    it('carry the context of each request and are answered with typed errors', async () => {
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

    it('of a batch that fails as a whole are run one by one', async () => {
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

    it('are answered with service.unavailable while the database has no connection left, and are not run one by one', async () => {
      let tries = 0;
      await consumer({
        getCoupon: () => {
          tries++;
          const severity = 'FATAL'; // only the server's own errors have one
          throw Object.assign(new Error('sorry, too many clients already'), { code: '53300', severity });
        },
      });
      const { messaging } = await producer();
      const send = (couponId: string): Promise<unknown> =>
        messaging.commands.send(GetCoupon, { accountId, couponId }, { deadlineMs: 20_000 });
      const outcomes = await Promise.allSettled(['cpn_1', 'cpn_2'].map(send));
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
      const send = (couponId: string, deadlineMs: number): Promise<unknown> =>
        messaging.commands.send(GetCoupon, { accountId, couponId }, { deadlineMs });
      const first = send('cpn_1', 20_000);
      await eventually(() => expect(executed).toEqual(['cpn_1']));
      const second = send('cpn_2', 20_000);
      await eventually(() => expect(executed).toEqual(['cpn_1', 'cpn_2']));
      // Two messages are in flight, so this request is not sent before its deadline.
      await expect(send('cpn_late', 100)).rejects.toMatchObject({ code: 'service.deadline_exceeded' });
      free();
      await Promise.all([first, second]);
      expect(await send('cpn_3', 20_000)).toEqual({ id: 'cpn_3' });
      expect(executed).toEqual(['cpn_1', 'cpn_2', 'cpn_3']);
    });

    it('are shared by all instances that answer, two messages each', async () => {
      let inHand = 0;
      let mostInHand = 0;
      const handle: Behaviour['getCoupon'] = async (requests) => {
        mostInHand = Math.max(mostInHand, ++inHand);
        await new Promise(setImmediate);
        if (requests[0].couponId === 'cpn_held') await held;
        inHand--;
        return requests.map(({ couponId }) => ({ id: couponId }));
      };
      let free: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (free = resolve));
      for (let instance = 0; instance < 3; instance++) await consumer({ getCoupon: handle });
      const { messaging } = await producer();
      const send = (couponId: string): Promise<unknown> =>
        messaging.commands.send(GetCoupon, { accountId, couponId }, { deadlineMs: 20_000 });
      for (let round = 0; round < 9; round++) await send('cpn_first');
      mostInHand = 0;
      const sent: Promise<unknown>[] = [];
      for (let message = 1; message <= 6; message++) {
        sent.push(send('cpn_held'));
        await eventually(() => expect(mostInHand).toBe(message));
      }
      sent.push(send('cpn_held'));
      // The seventh message is sent only when one of the six is answered.
      await messaging.commands
        .send(GetCoupon, { accountId, couponId: 'cpn_late' }, { deadlineMs: 50 })
        .catch(() => undefined);
      expect(mostInHand).toBe(6);
      free();
      await Promise.all(sent);
    });

    it('fail immediately when the service does not run, or has stopped', async () => {
      const { messaging } = await producer();
      const send = (): Promise<unknown> =>
        messaging.commands.send(GetCampaign, { accountId, campaignId: 'cam_1' }, { deadlineMs: 60_000 });
      await expect(send()).rejects.toMatchObject({ code: 'service.unavailable', kind: 'unavailable' });
      const service = await startConsumer(transport, consumerDatabase, {
        getCampaign: () => Promise.resolve({ id: 'cam_1' }),
      });
      await expect(send()).resolves.toEqual({ id: 'cam_1' });
      await service.stop();
      await expect(send()).rejects.toMatchObject({ code: 'service.unavailable' });
    });
  });

  it('finishes events and commands in progress when it is stopped, and loses no other event', async () => {
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const begun: string[] = [];
    const slow = await startConsumer(transport, consumerDatabase, {
      onVoided: async (items, context) => {
        begun.push(...items.map(({ code }) => code));
        await held;
        await recordEffects(items, context);
      },
      getCampaign: async () => {
        begun.push('command');
        await held;
        return { id: 'cam_1' };
      },
    });
    const publisher = await producer();
    const answer = publisher.messaging.commands.send(GetCampaign, { accountId, campaignId: 'cam_1' });
    const codes = Array.from({ length: 300 }, (_, index) => `c${index}`);
    await publish(publisher, ...codes);
    await eventually(() => expect(begun).toContain('command'));
    await eventually(() => expect(begun.length).toBeGreaterThan(1));
    const stopping = slow.stop();
    free();
    await stopping;
    await expect(answer).resolves.toEqual({ id: 'cam_1' });
    const { dataSource } = await consumer({ onVoided: recordEffects });
    await eventually(async () => expect(await effects(dataSource)).toEqual([...codes].sort()));
  });

  it('broadcasts events to the listeners of the moment', async () => {
    const gateway = started(await startProducer(transport, producerDatabase, 'gateway'));
    await consumer({ onVoided: recordEffects });
    const received: string[] = [];
    const removeListener = gateway.messaging.broadcasts.on(
      CouponVoided,
      ({ code }) => void received.push(code),
    );
    const publisher = started(await startProducer(transport, consumerDatabase, 'redemption'));
    await publish(publisher, 'loud');
    await eventually(() => expect(received).toContain('loud'));
    removeListener();
  });
}
