import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { newId, RunDue, type ItemOf } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { DataSource } from 'typeorm';
import { inProcessTransport, MessagingModule, openMessaging } from '../src';
import { effects, effectsDatabase, type Database } from './fixture';

@Controller()
class Runs {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @EventPattern<string>(RunDue.type)
  async onDue(@Payload() items: ItemOf<typeof RunDue>[]): Promise<void> {
    const ids = items.map(({ runId }) => runId);
    await this.dataSource.query('insert into effect select unnest($1::text[])', [ids]);
  }
}

const queues = ['automation.runs', 'automation.delays'];

describe('a service that publishes to its own work queues, in one process', () => {
  let database: Database;
  beforeAll(async () => {
    database = await effectsDatabase();
  });
  afterAll(() => database.drop());

  // Fewer connections than queues: a relay that held one while handlers run would leave none for the handlers.
  it.each([1, 2])('handles all its work with %i connections', async (connections) => {
    await database.empty();
    const dataSource = await database.connect(connections);
    const messaging = await openMessaging({
      service: 'automation',
      transport: inProcessTransport(['automation']),
      dataSource,
      consume: queues,
    });
    @Module({
      imports: [MessagingModule.forRoot(messaging)],
      controllers: [Runs],
      providers: [{ provide: DataSource, useValue: dataSource }],
    })
    class RunsModule {}
    const app = await NestFactory.createMicroservice(RunsModule, {
      strategy: messaging.server,
      logger: false,
    });
    await app.listen();
    const runs = Array.from({ length: 40 }, () => newId('run'));
    for (const runId of runs)
      await messaging.outbox.transaction(async (tx) => {
        for (const queue of queues) await messaging.outbox.add(tx, RunDue, [{ runId }], { queue });
      });
    await eventually(async () => expect(await effects(dataSource)).toHaveLength(runs.length * queues.length));
    await app.close();
    await messaging.close();
    await dataSource.destroy();
  });
});
