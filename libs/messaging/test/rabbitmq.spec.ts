import { CouponVoided, GetCampaign, newId, queues } from '@tearoff/contracts';
import {
  describeWithBroker,
  describeWithPrivateRabbit,
  eventually,
  startPrivateRabbit,
  testBroker,
  type PrivateRabbit,
  type TestBroker,
} from '@tearoff/testing';
import { connect } from 'amqplib';
import { rabbitTransport, type Transport } from '../src';
import {
  act,
  count,
  effects,
  effectsDatabase,
  startConsumer,
  startProducer,
  tell,
  type Database,
  type Running,
} from './fixture';

describeWithBroker('on RabbitMQ', () => {
  let broker: TestBroker;
  let transport: Transport;
  let here: Database;
  let there: Database;
  const running: Running[] = [];

  beforeAll(async () => {
    [here, there] = await Promise.all([effectsDatabase(), effectsDatabase()]);
  });
  afterAll(() => Promise.all([here.drop(), there.drop()]));
  beforeEach(() => {
    broker = testBroker();
    transport = rabbitTransport(broker);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await Promise.all([here.empty(), there.empty(), broker.cleanup()]);
  });

  const start = async (service: Promise<Running>): Promise<Running> => {
    running.push(await service);
    return running.at(-1)!;
  };

  it('a queue deleted under its consumer is declared and consumed again', async () => {
    const { dataSource } = await start(startConsumer(transport, there, { onVoided: act }));
    const teller = await start(startProducer(transport, here));
    await tell(teller, 'before');
    await eventually(async () => expect(await effects(dataSource)).toEqual(['before']));
    await withChannel(broker, (channel) => deleteBound(channel, broker));
    await tell(teller, 'after');
    await eventually(async () => expect(await effects(dataSource)).toEqual(['after', 'before']));
    await eventually(async () => expect(await count(teller.dataSource, 'outbox')).toBe(0));
  });

  it('an event that no queue takes though someone should is kept', async () => {
    const teller = await start(startProducer(transport, here));
    await withChannel(broker, (channel) => deleteBound(channel, broker));
    await tell(teller, 'kept');
    await eventually(async () => {
      const [row] = (await teller.dataSource.query(
        'select count(*)::int as n from outbox where available_at > created_at',
      )) as [{ n: number }];
      expect(row.n).toBe(1);
    });
    const { dataSource } = await start(startConsumer(transport, there, { onVoided: act }));
    await eventually(async () => expect(await effects(dataSource)).toEqual(['kept']));
  });

  it('a broken channel is opened again, and what it held unacknowledged is handled', async () => {
    // Held in memory by the consumer, then its channel dies: the broker hands it out again.
    const seen: string[] = [];
    const { dataSource, messaging } = await start(
      startConsumer(transport, there, {
        onVoided: async (items, context) => {
          seen.push(...items.map(({ code }) => code));
          await act(items, context);
        },
      }),
    );
    const teller = await start(startProducer(transport, here));
    await tell(teller, 'one');
    await eventually(async () => expect(await effects(dataSource)).toEqual(['one']));
    expect(messaging.server).toBeDefined();
    const name = `${broker.prefix}.issuance.events`;
    // Declaring it otherwise is a channel error on our side; deleting it cancels theirs: both at once.
    await expect(
      withChannel(broker, (channel) =>
        channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'classic' } }),
      ),
    ).rejects.toThrow();
    await withChannel(broker, (channel) => deleteBound(channel, broker));
    await tell(teller, 'two');
    await eventually(async () => expect(await effects(dataSource)).toEqual(['one', 'two']));
    expect(seen).toEqual(['one', 'two']);
  });

  it('a queue that exists with other settings is a clear error at start', async () => {
    await withChannel(broker, (channel) =>
      channel.assertQueue(`${broker.prefix}.issuance.events`, {
        durable: true,
        arguments: { 'x-queue-type': 'classic' },
      }),
    );
    const starting = startProducer(transport, here);
    await expect(starting).rejects.toThrow(/other settings.*RABBITMQ_PREFIX.*PRECONDITION_FAILED/s);
  });

  it('the queues of dead messages have a delivery limit of their own', async () => {
    await start(startProducer(transport, here));
    const redeclared = (limit: number): Promise<unknown> =>
      withChannel(broker, (channel) =>
        channel.assertQueue(`${broker.prefix}.issuance.dead`, {
          durable: true,
          arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': limit },
        }),
      );
    await expect(redeclared(20)).rejects.toThrow('PRECONDITION_FAILED');
    await expect(redeclared(1_000)).resolves.toBeDefined();
  });

  it('a queue of dead messages from before they had a limit is a clear error at start', async () => {
    await withChannel(broker, (channel) =>
      channel.assertQueue(`${broker.prefix}.issuance.dead`, {
        durable: true,
        arguments: { 'x-queue-type': 'quorum' },
      }),
    );
    await expect(startProducer(transport, here)).rejects.toThrow(/other settings.*issuance\.dead/s);
  });

  it('a broker that is not there is a clear error at start', async () => {
    const nobody = rabbitTransport({ url: 'amqp://guest:secret@127.0.0.1:1', initialRetries: 1 });
    const refused = nobody.connect('issuance');
    await expect(refused).rejects.toThrow(/RabbitMQ at 127\.0\.0\.1:1 cannot be reached/);
    await expect(refused.catch(String)).resolves.not.toContain('secret');
  });

  it('a message that kills its consumer again and again ends as a dead letter', async () => {
    const name = `${broker.prefix}.issuance.events`;
    const teller = await start(startProducer(transport, here));
    await tell(teller, 'killer');
    // A consumer that dies with the message in hand, as often as the broker lets it.
    for (let deaths = 0; deaths < 30; deaths++) {
      const got = await withChannel(broker, async (channel) => {
        const message = await channel.get(name);
        if (message) channel.nack(message, false, true);
        return message;
      });
      if (!got && deaths > 5) break;
    }
    const { dataSource, messaging } = await start(startConsumer(transport, there, { onVoided: act }));
    const [letter] = await eventually(async () => {
      const letters = await messaging.deadLetters.list();
      expect(letters).toMatchObject([{ queue: 'issuance.events', reason: 'killed its consumer' }]);
      return letters;
    });
    expect(await effects(dataSource)).toEqual([]);
    await messaging.deadLetters.replay(letter.id);
    await eventually(async () => expect(await effects(dataSource)).toEqual(['killer']));
  });
});

describeWithPrivateRabbit('when the broker itself', () => {
  let rabbit: PrivateRabbit;
  let here: Database;
  let there: Database;

  beforeAll(async () => {
    rabbit = await startPrivateRabbit();
    [here, there] = await Promise.all([effectsDatabase(), effectsDatabase()]);
  }, 60_000);
  afterAll(async () => {
    await rabbit.cleanup();
    await Promise.all([here.drop(), there.drop()]);
  }, 60_000);

  it.each(['stop', 'kill'] as const)(
    'is hit by a %s and started again under load, every committed event is handled once',
    async (how) => {
      const transport = rabbitTransport({ url: rabbit.url, prefix: `load-${how}` });
      const consumer = await startConsumer(transport, there, {
        onVoided: act,
        getCampaign: () => Promise.resolve({ id: 'cam_1' }),
      });
      const teller = await startProducer(transport, here);
      const told: string[] = [];
      let telling = true;
      const load = (async () => {
        for (let round = 0; telling; round++) {
          const codes = Array.from({ length: 20 }, (_, index) => `${how}-${round}-${index}`);
          await tell(teller, ...codes);
          told.push(...codes);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      })();
      const ours = async (): Promise<string[]> =>
        (await effects(consumer.dataSource)).filter((key) => key.startsWith(how));
      await eventually(async () => expect((await ours()).length).toBeGreaterThan(200));
      await rabbit[how]();
      const asked = teller.messaging.commands.send(GetCampaign, {
        accountId: newId('account'),
        campaignId: 'cam_1',
      });
      await expect(asked).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(teller.messaging.check()).rejects.toThrow('broker is away');
      const before = told.length;
      await eventually(() => expect(told.length).toBeGreaterThan(before + 200));
      await rabbit.start();
      const after = told.length;
      await eventually(() => expect(told.length).toBeGreaterThan(after + 200));
      telling = false;
      await load;
      await eventually(async () => expect(await ours()).toEqual([...told].sort()), { timeoutMs: 40_000 });
      await eventually(async () =>
        expect(
          await teller.messaging.commands.send(GetCampaign, {
            accountId: newId('account'),
            campaignId: 'cam_1',
          }),
        ).toEqual({ id: 'cam_1' }),
      );
      expect(await count(consumer.dataSource, 'dead_letter')).toBe(0);
      await Promise.all([consumer.stop(), teller.stop()]);
    },
    120_000,
  );
});

async function withChannel<T>(
  broker: TestBroker,
  work: (channel: import('amqplib').Channel) => Promise<T>,
): Promise<T> {
  const connection = await connect(broker.url);
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    return await work(channel);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** Deletes every queue that a withdrawn coupon's event goes to: while one is left, it is taken, and no error. */
async function deleteBound(channel: import('amqplib').Channel, { prefix }: TestBroker): Promise<void> {
  for (const { name, types } of queues) {
    if (types.includes(CouponVoided)) await channel.deleteQueue(`${prefix}.${name}`);
  }
}
