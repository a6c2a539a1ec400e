import { Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import { Column, DataSource, Entity, PrimaryColumn, type Repository } from 'typeorm';
import {
  createLogger,
  DatabaseModule,
  openDatabase,
  startService,
  type RunningService,
  type ServiceOptions,
} from '../src';
import { scratchDatabase, type ScratchDatabase } from './scratch-database';

@Entity('thing')
class Thing {
  @PrimaryColumn('int') id: number;
  @Column('text') name: string;
}

const steps: string[] = [];

@Injectable()
class Worker implements OnModuleDestroy {
  constructor(readonly dataSource: DataSource) {}

  async onModuleDestroy(): Promise<void> {
    await this.dataSource.query('select 1');
    steps.push('module destroyed with a database');
  }
}

@Module({})
class WorkerModule {}

@Module({ providers: [{ provide: 'broken', useFactory: () => Promise.reject(new Error('cannot be made')) }] })
class BrokenModule {}

const messaging = {
  server: {
    listen: (done: () => void) => {
      steps.push('listening');
      done();
    },
    close: async () => void steps.push('drained'),
  },
  check: () => Promise.resolve(),
  close: async () => void steps.push('messaging closed'),
};

describe('startService', () => {
  let database: ScratchDatabase;
  let dataSource: DataSource;
  let running: RunningService | undefined;

  const start = async (options: Partial<ServiceOptions<typeof messaging>> = {}): Promise<RunningService> => {
    const module = {
      module: WorkerModule,
      imports: [DatabaseModule.forRoot(dataSource), TypeOrmModule.forFeature([Thing])],
      providers: [Worker],
    };
    const logger = createLogger({ service: 'worker', level: 'silent' });
    running = await startService({
      name: 'worker',
      messaging,
      run: { module: () => module },
      dataSource,
      logger,
      ...options,
    });
    return running;
  };
  const ready = async ({ metricsPort }: RunningService) =>
    (await fetch(`http://127.0.0.1:${metricsPort}/health/ready`)).status;

  beforeAll(async () => {
    database = await scratchDatabase();
  });
  beforeEach(async () => {
    steps.length = 0;
    const service = database.service('worker');
    dataSource = await openDatabase({
      service,
      url: database.url,
      entities: [Thing],
      migrations: [],
      poolSize: 2,
    });
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    if (dataSource.isInitialized) await dataSource.destroy();
  });
  afterAll(() => database.drop());

  it('listens, is ready, and gives the DataSource and its repositories to the module', async () => {
    const service = await start({ metricsPort: 0 });

    expect(steps).toEqual(['listening']);
    expect(await ready(service)).toBe(200);
    expect(service.app.get(Worker).dataSource).toBe(dataSource);
    const things = service.app.get<Repository<Thing>>(getRepositoryToken(Thing), { strict: false });
    expect(things.metadata.tableName).toBe('thing');
  });

  it('is ready only while the database and messaging answer and every other check passes', async () => {
    let isBrokerUp = false;
    let isOtherUp = true;
    const other = () => (isOtherUp ? Promise.resolve() : Promise.reject(new Error('down')));
    const broker = () => (isBrokerUp ? Promise.resolve() : Promise.reject(new Error('down')));
    const service = await start({
      metricsPort: 0,
      messaging: { ...messaging, check: broker },
      checks: { other },
    });

    expect(await ready(service)).toBe(503);
    isBrokerUp = true;
    expect(await ready(service)).toBe(200);
    isOtherUp = false;
    expect(await ready(service)).toBe(503);
    isOtherUp = true;
    await dataSource.destroy();
    expect(await ready(service)).toBe(503);
  });

  it('stops in order, once: drain, modules, messaging, onStop, database', async () => {
    let readyWhileStopping: number | undefined;
    const service = await start({
      metricsPort: 0,
      onStop: [
        async () => {
          readyWhileStopping = await ready(service);
          await dataSource.query('select 1');
          steps.push('first');
        },
        async () => void steps.push('second'),
      ],
    });

    await Promise.all([service.stop(), service.stop()]);
    await service.stop();
    expect(steps).toEqual([
      'listening',
      'drained',
      'module destroyed with a database',
      'messaging closed',
      'first',
      'second',
    ]);
    expect(readyWhileStopping).toBe(503);
    expect(dataSource.isInitialized).toBe(false);
    await expect(ready(service)).rejects.toThrow();
  });

  it('goes on stopping after a step that fails or hangs', async () => {
    const service = await start({
      stopStepMs: 50,
      onStop: [
        () => Promise.reject(new Error('no')),
        () => new Promise(() => undefined),
        async () => void steps.push('last'),
      ],
    });

    await service.stop();
    expect(steps.at(-1)).toBe('last');
    expect(dataSource.isInitialized).toBe(false);
  });

  it('closes what it was given when it cannot start', async () => {
    const onStop = [async () => void steps.push('stopped')];

    await expect(start({ run: { module: () => BrokenModule }, onStop })).rejects.toThrow('cannot be made');
    expect(dataSource.isInitialized).toBe(false);
    expect(steps).toEqual(['messaging closed', 'stopped']);
  });

  it('closes its database when messaging cannot be opened', async () => {
    const opening = () => Promise.reject(new Error('no broker'));

    await expect(start({ messaging: opening })).rejects.toThrow('no broker');
    expect(dataSource.isInitialized).toBe(false);
  });

  it('hands messaging and all checks to an application that is made another way', async () => {
    let given: unknown[] = [];
    const service = await start({
      run: {
        application: async (opened, checks) => {
          given = [opened, Object.keys(checks)];
          return NestFactory.createApplicationContext(WorkerModule, { logger: false });
        },
      },
      checks: { other: () => Promise.resolve() },
    });

    expect(given).toEqual([messaging, ['database', 'messaging', 'other']]);
    await service.stop();
    expect(steps).toEqual(['messaging closed']);
  });
});
