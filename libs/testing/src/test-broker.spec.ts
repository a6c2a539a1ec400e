import { connect } from 'amqplib';
import { describeWithBroker, testBroker } from './test-broker';

describeWithBroker('a test broker', () => {
  it('gives each file a prefix of its own', () => {
    expect(testBroker().prefix).not.toBe(testBroker().prefix);
  });

  it('leaves neither queue nor exchange behind', async () => {
    const { url, prefix, cleanup } = testBroker();
    const connection = await connect(url);
    const channel = await connection.createChannel();
    await channel.assertExchange(`${prefix}.events`, 'topic', { durable: true });
    await channel.assertQueue(`${prefix}.issuance.events`, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum' },
    });
    await channel.assertQueue(`${prefix}.odd`, { durable: true });
    await channel.close();

    await cleanup({ queues: [`${prefix}.odd`] });

    const gone: string[] = [];
    connection.on('error', () => undefined);
    for (const queue of [`${prefix}.issuance.events`, `${prefix}.odd`]) {
      const probe = await connection.createChannel();
      probe.on('error', () => undefined);
      await probe.checkQueue(queue).catch(() => gone.push(queue));
    }
    const probe = await connection.createChannel();
    probe.on('error', () => undefined);
    await probe.checkExchange(`${prefix}.events`).catch(() => gone.push('exchange'));
    await connection.close();
    expect(gone).toEqual([`${prefix}.issuance.events`, `${prefix}.odd`, 'exchange']);
  });
});
