import { connect } from 'amqplib';
import type { ConfirmChannel } from 'amqplib';
import { describeWithPrivateRabbit, startPrivateRabbit } from './private-rabbit';
import type { PrivateRabbit } from './private-rabbit';

const startLimit = 120_000;

describeWithPrivateRabbit('a private RabbitMQ', () => {
  let rabbit: PrivateRabbit;
  beforeAll(async () => {
    rabbit = await startPrivateRabbit();
    await withChannel(async (channel) => {
      await channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    });
  }, startLimit);
  afterAll(() => rabbit?.cleanup());

  // In this order: a quorum queue that is killed within half a second of its declaration is lost to RabbitMQ 3.10.
  for (const end of ['stop', 'kill'] as const) {
    it(`keeps confirmed messages over ${end} and start`, () => survives(end), startLimit);
  }

  async function survives(end: 'stop' | 'kill'): Promise<void> {
    await withChannel(async (channel) => {
      channel.sendToQueue('kept', Buffer.from(end), { persistent: true });
      await channel.waitForConfirms();
    });
    await rabbit[end]();
    await expect(connect(rabbit.url)).rejects.toThrow(/ECONNREFUSED/);
    await rabbit.start();
    await withChannel(async (channel) => {
      const message = await channel.get('kept', { noAck: true });
      expect(message && message.content.toString()).toBe(end);
    });
  }

  async function withChannel(work: (channel: ConfirmChannel) => Promise<void>): Promise<void> {
    const connection = await connect(rabbit.url);
    connection.on('error', () => undefined);
    try {
      await work(await connection.createConfirmChannel());
    } finally {
      await connection.close().catch(() => undefined);
    }
  }
});
