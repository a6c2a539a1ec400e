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
  recordEffects,
  count,
  effects,
  effectsDatabase,
  startConsumer,
  startProducer,
  publish,
  type Database,
  type Running,
} from './fixture';

describeWithBroker('on RabbitMQ', () => {
  let broker: TestBroker;
  let transport: Transport;
  let producerDatabase: Database;
  let consumerDatabase: Database;
  const running: Running[] = [];

  beforeAll(async () => {
    [producerDatabase, consumerDatabase] = await Promise.all([effectsDatabase(), effectsDatabase()]);
  });
  afterAll(() => Promise.all([producerDatabase.drop(), consumerDatabase.drop()]));
  beforeEach(() => {
    broker = testBroker();
    transport = rabbitTransport(broker);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await Promise.all([producerDatabase.empty(), consumerDatabase.empty(), broker.cleanup()]);
  });

  const start = async (service: Promise<Running>): Promise<Running> => {
    running.push(await service);
    return running.at(-1)!;
  };

  it('a queue deleted under its consumer is declared and consumed again', async () => {
    const { dataSource } = await start(
      startConsumer(transport, consumerDatabase, { onVoided: recordEffects }),
    );
    const publisher = await start(startProducer(transport, producerDatabase));
    await publish(publisher, 'before');
    await eventually(async () => expect(await effects(dataSource)).toEqual(['before']));
    await withChannel(broker, (channel) => deleteBound(channel, broker));
    await publish(publisher, 'after');
    await eventually(async () => expect(await effects(dataSource)).toEqual(['after', 'before']));
    await eventually(async () => expect(await count(publisher.dataSource, 'outbox')).toBe(0));
  });

  it('an event that no queue takes although the contracts name a consumer is kept', async () => {
    const publisher = await start(startProducer(transport, producerDatabase));
    await withChannel(broker, (channel) => deleteBound(channel, broker));
    await publish(publisher, 'kept');
    await eventually(async () => {
      const [row] = (await publisher.dataSource.query(
        'select count(*)::int as n from outbox where available_at > created_at',
      )) as [{ n: number }];
      expect(row.n).toBe(1);
    });
    const { dataSource } = await start(
      startConsumer(transport, consumerDatabase, { onVoided: recordEffects }),
    );
    await eventually(async () => expect(await effects(dataSource)).toEqual(['kept']));
  });

  it('a broken channel is opened again, and its unacknowledged messages are handled', async () => {
    const seen: string[] = [];
    const { dataSource, messaging } = await start(
      startConsumer(transport, consumerDatabase, {
        onVoided: async (items, context) => {
          seen.push(...items.map(({ code }) => code));
          await recordEffects(items, context);
        },
      }),
    );
    const publisher = await start(startProducer(transport, producerDatabase));
    await publish(publisher, 'one');
    await eventually(async () => expect(await effects(dataSource)).toEqual(['one']));
    expect(messaging.server).toBeDefined();
    const name = `${broker.prefix}.issuance.events`;
    // Declaring it with other settings fails only this test's channel; deleting it cancels the service's consumer.
    await expect(
      withChannel(broker, (channel) =>
        channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'classic' } }),
      ),
    ).rejects.toThrow();
    await withChannel(broker, (channel) => deleteBound(channel, broker));
    await publish(publisher, 'two');
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
    const starting = startProducer(transport, producerDatabase);
    await expect(starting).rejects.toThrow(/other settings.*RABBITMQ_PREFIX.*PRECONDITION_FAILED/s);
  });

  it('the queues of dead messages have a delivery limit of their own', async () => {
    await start(startProducer(transport, producerDatabase));
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

  it('a queue of dead messages without a delivery limit is a clear error at start', async () => {
    await withChannel(broker, (channel) =>
      channel.assertQueue(`${broker.prefix}.issuance.dead`, {
        durable: true,
        arguments: { 'x-queue-type': 'quorum' },
      }),
    );
    await expect(startProducer(transport, producerDatabase)).rejects.toThrow(
      /other settings.*issuance\.dead/s,
    );
  });

  it('a broker that cannot be reached is a clear error at start', async () => {
    const unreachable = rabbitTransport({ url: 'amqp://guest:secret@127.0.0.1:1', initialRetries: 1 });
    const refused = unreachable.connect('issuance');
    await expect(refused).rejects.toThrow(/RabbitMQ at 127\.0\.0\.1:1 cannot be reached/);
    await expect(refused.catch(String)).resolves.not.toContain('secret');
  });

  it('a message that crashes its consumer again and again becomes a dead letter', async () => {
    const name = `${broker.prefix}.issuance.events`;
    const publisher = await start(startProducer(transport, producerDatabase));
    await publish(publisher, 'crasher');
    // Returns the message until the broker stops delivering it, as when its consumer crashes each time.
    for (let deaths = 0; deaths < 30; deaths++) {
      const got = await withChannel(broker, async (channel) => {
        const message = await channel.get(name);
        if (message) channel.nack(message, false, true);
        return message;
      });
      if (!got && deaths > 5) break;
    }
    const { dataSource, messaging } = await start(
      startConsumer(transport, consumerDatabase, { onVoided: recordEffects }),
    );
    const [deadLetter] = await eventually(async () => {
      const letters = await messaging.deadLetters.list();
      expect(letters).toMatchObject([
        { queue: 'issuance.events', reason: expect.stringContaining('delivery limit') },
      ]);
      return letters;
    });
    expect(await effects(dataSource)).toEqual([]);
    await messaging.deadLetters.replay(deadLetter.id);
    await eventually(async () => expect(await effects(dataSource)).toEqual(['crasher']));
  });
});

describeWithPrivateRabbit('when the broker itself', () => {
  let rabbit: PrivateRabbit;
  let producerDatabase: Database;
  let consumerDatabase: Database;

  beforeAll(async () => {
    rabbit = await startPrivateRabbit();
    [producerDatabase, consumerDatabase] = await Promise.all([effectsDatabase(), effectsDatabase()]);
  }, 60_000);
  afterAll(async () => {
    await rabbit.cleanup();
    await Promise.all([producerDatabase.drop(), consumerDatabase.drop()]);
  }, 60_000);

  it.each(['stop', 'kill'] as const)(
    'is hit by a %s and started again under load, every committed event is handled once',
    async (how) => {
      const transport = rabbitTransport({ url: rabbit.url, prefix: `load-${how}` });
      const consumer = await startConsumer(transport, consumerDatabase, {
        onVoided: recordEffects,
        getCampaign: () => Promise.resolve({ id: 'cam_1' }),
      });
      const publisher = await startProducer(transport, producerDatabase);
      const published: string[] = [];
      let publishing = true;
      const load = (async () => {
        for (let round = 0; publishing; round++) {
          const codes = Array.from({ length: 20 }, (_, index) => `${how}-${round}-${index}`);
          await publish(publisher, ...codes);
          published.push(...codes);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      })();
      const ours = async (): Promise<string[]> =>
        (await effects(consumer.dataSource)).filter((key) => key.startsWith(how));
      await eventually(async () => expect((await ours()).length).toBeGreaterThan(200));
      await rabbit[how]();
      const answer = publisher.messaging.commands.send(GetCampaign, {
        accountId: newId('account'),
        campaignId: 'cam_1',
      });
      await expect(answer).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(publisher.messaging.check()).rejects.toThrow('broker is unavailable');
      const before = published.length;
      await eventually(() => expect(published.length).toBeGreaterThan(before + 200));
      await rabbit.start();
      const after = published.length;
      await eventually(() => expect(published.length).toBeGreaterThan(after + 200));
      publishing = false;
      await load;
      await eventually(async () => expect(await ours()).toEqual([...published].sort()), {
        timeoutMs: 40_000,
      });
      await eventually(async () =>
        expect(
          await publisher.messaging.commands.send(GetCampaign, {
            accountId: newId('account'),
            campaignId: 'cam_1',
          }),
        ).toEqual({ id: 'cam_1' }),
      );
      expect(await count(consumer.dataSource, 'dead_letter')).toBe(0);
      await Promise.all([consumer.stop(), publisher.stop()]);
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

/** Deletes every queue bound to CouponVoided: while one is left, publishing the event is no error. */
async function deleteBound(channel: import('amqplib').Channel, { prefix }: TestBroker): Promise<void> {
  for (const { name, types } of queues) {
    if (types.includes(CouponVoided)) await channel.deleteQueue(`${prefix}.${name}`);
  }
}
