import { GetCampaign, newId } from '@tearoff/contracts';
import { describeWithBroker, eventually, testBroker } from '@tearoff/testing';
import { connect } from 'amqplib';
import { rabbitTransport } from '../src';
import { effectsDatabase, startConsumer, startProducer } from './fixture';

describeWithBroker('a command whose process died while it ran', () => {
  it('is not executed again: its caller is answered that the outcome is unknown, and the next command is executed', async () => {
    const broker = testBroker();
    const database = await effectsDatabase();
    const transport = rabbitTransport(broker);
    const caller = await startProducer(transport, database);
    const executed: string[] = [];
    const send = (campaignId: string) =>
      caller.messaging.commands.send(GetCampaign, { accountId: newId('account'), campaignId });

    // A process of the service that takes the command and dies before it answers.
    const dying = await connect(broker.url);
    const channel = await dying.createChannel();
    const queue = `${broker.prefix}.issuance.rpc`;
    await channel.assertQueue(queue, { durable: true, autoDelete: true });
    let taken = 0;
    await channel.consume(queue, () => void taken++);
    const answer = send('first').then(
      () => 'executed',
      (error: unknown) => error,
    );
    await eventually(() => taken === 1);
    const service = await startConsumer(transport, database, {
      getCampaign: ({ campaignId }) => {
        executed.push(campaignId);
        return Promise.resolve({ id: campaignId });
      },
    });
    try {
      await dying.close();
      expect(await answer).toMatchObject({ kind: 'unavailable' });
      expect(await send('second')).toEqual({ id: 'second' });
      expect(executed).toEqual(['second']);
    } finally {
      await service.stop();
      await caller.stop();
      await broker.cleanup();
      await database.drop();
    }
  });
});
