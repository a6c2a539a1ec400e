import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  CouponVoided,
  GetCampaign,
  GetCoupon,
  newId,
  queues,
  type ItemOf,
  type ServiceName,
} from '@tearoff/contracts';
import { createTestDatabase, type TestDatabase, otherEventsOf } from '@tearoff/testing';
import { DataSource } from 'typeorm';
import {
  messagingEntities,
  messagingMigrations,
  MessagingModule,
  openMessaging,
  type CommandContext,
  type EventContext,
  type Messaging,
  type Transport,
} from '../src';
import { readBody } from '../src/inbox/received-event';
import type { Link } from '../src/transport';

export type Voided = ItemOf<typeof CouponVoided>;

/** The consuming service's handlers that a test defines; the others do nothing. */
export interface Behaviour {
  onVoided?(items: Voided[], context: EventContext): Promise<void>;
  getCoupon?(requests: { couponId: string }[], context: CommandContext): Promise<unknown[]>;
  getCampaign?(request: { campaignId: string }, context: CommandContext): Promise<unknown>;
}

@Controller()
class Handlers {
  constructor(@Inject('behaviour') private readonly behaviour: Behaviour) {}

  @EventPattern<string>(CouponVoided.type)
  async onVoided(@Payload() items: Voided[], @Ctx() context: EventContext) {
    return this.behaviour.onVoided?.(items, context);
  }

  @EventPattern(otherEventsOf('issuance', CouponVoided))
  onOther(): void {
    // Issuance must have a handler for every type that its queue is bound to.
  }

  @MessagePattern(GetCoupon.name)
  async getCoupon(@Payload() requests: { couponId: string }[], @Ctx() context: CommandContext) {
    return this.behaviour.getCoupon?.(requests, context);
  }

  @MessagePattern(GetCampaign.name)
  async getCampaign(@Payload() request: { campaignId: string }, @Ctx() context: CommandContext) {
    return this.behaviour.getCampaign?.(request, context);
  }
}

export interface Running {
  messaging: Messaging;
  dataSource: DataSource;
  stop(): Promise<void>;
}

export interface Database extends TestDatabase {
  /** `connections`: pool size, 6 by default; `options`: server settings per connection, as psql's `-c name=value`. */
  connect(connections?: number, options?: string): Promise<DataSource>;
  /** Empties the tables between two tests, while nothing is connected; faster than creating a database. */
  empty(): Promise<void>;
}

/** A database with messaging's tables and `effect (key)`, which has a row for each item that a handler has handled. */
export async function effectsDatabase(): Promise<Database> {
  const database = await createTestDatabase();
  const connect = (connections = 6, options?: string): Promise<DataSource> =>
    new DataSource({
      type: 'postgres',
      url: database.url,
      entities: messagingEntities,
      migrations: messagingMigrations,
      installExtensions: false,
      extra: { max: connections, options },
    }).initialize();
  const once = async (work: (dataSource: DataSource) => Promise<unknown>): Promise<void> => {
    const dataSource = await connect();
    await work(dataSource);
    await dataSource.destroy();
  };
  await once(async (dataSource) => {
    await dataSource.runMigrations();
    await dataSource.query('create table effect (key text not null)');
  });
  const empty = () => once((dataSource) => dataSource.query('truncate outbox, inbox, dead_letter, effect'));
  return { ...database, connect, empty };
}

/** TEST_LOG=1 shows messaging's log. */
const logger = process.env.TEST_LOG ? console : undefined;

/** Few and fast retries, so that all attempts fit into a test. */
const retry = { maxAttempts: 3, baseMs: 20, factor: 2, maxMs: 100 };

/**
 * Insights receives the same events as issuance. The in-process transport keeps an event until every queue has consumed
 * it, so this consumer acknowledges everything; on RabbitMQ the queue stores it.
 */
async function idleInsights(transport: Transport): Promise<{ stop(): Promise<void> }> {
  const link = await transport.connect('insights');
  const queue = queues.find(({ name }) => name === 'insights.events')!;
  const consumer = await link.consume(queue, 100, (message) => message.ack());
  return {
    stop: async () => {
      await consumer.stop();
      await link.close();
    },
  };
}

/** The consuming side: the issuance service's queue and commands, with the test's behaviour. */
export async function startConsumer(
  transport: Transport,
  database: Database,
  behaviour: Behaviour = {},
): Promise<Running> {
  const dataSource = await database.connect();
  const messaging = await openMessaging({ service: 'issuance', transport, dataSource, retry, logger });
  @Module({
    imports: [MessagingModule.forRoot(messaging)],
    controllers: [Handlers],
    providers: [{ provide: 'behaviour', useValue: behaviour }],
  })
  class ConsumerModule {}
  const app = await NestFactory.createMicroservice(ConsumerModule, {
    strategy: messaging.server,
    logger: false,
  });
  await app.listen();
  const idle = transport.kind === 'in-process' ? await idleInsights(transport) : undefined;
  return {
    messaging,
    dataSource,
    stop: async () => {
      await idle?.stop();
      await app.close();
      await messaging.close();
      await dataSource.destroy();
    },
  };
}

/** The side that publishes events and sends commands. */
export async function startProducer(
  transport: Transport,
  database: Database,
  service: ServiceName = 'redemption',
): Promise<Running> {
  const dataSource = await database.connect();
  const messaging = await openMessaging({ service, transport, dataSource, retry, logger });
  await messaging.start();
  return {
    messaging,
    dataSource,
    stop: async () => {
      await messaging.close();
      await dataSource.destroy();
    },
  };
}

export const voidedItem = (code: string): Voided => ({
  accountId: newId('account'),
  couponId: newId('coupon'),
  campaignId: newId('campaign'),
  code,
  voidedAt: new Date().toISOString(),
  reason: null,
});

/** Acknowledges everything on a queue; `ids`: the redemption or delivery ids of the items, in order of arrival. */
export async function consumeAll(link: Link, name: string) {
  const taken: string[] = [];
  const queue = queues.find((one) => one.name === name)!;
  const consumer = await link.consume(queue, 100, (message) => {
    for (const { items } of readBody(message.body).events as readonly { items: Record<string, string>[] }[])
      taken.push(...items.map(({ deliveryId, redemptionId }) => redemptionId ?? deliveryId));
    message.ack();
  });
  return { ids: () => taken, stop: () => consumer.stop() };
}

/** Publishes one event per code, all in one transaction. */
export async function publish({ messaging }: Running, ...codes: string[]): Promise<void> {
  await messaging.outbox.transaction(async (tx) => {
    for (const code of codes) await messaging.outbox.add(tx, CouponVoided, [voidedItem(code)]);
  });
}

export const recordEffects = async (items: Voided[], { tx }: EventContext): Promise<void> => {
  await tx.query(`insert into effect select unnest($1::text[])`, [items.map((item) => item.code)]);
};

export const effects = async (dataSource: DataSource): Promise<string[]> => {
  const rows: { key: string }[] = await dataSource.query('select key from effect order by key');
  return rows.map((row) => row.key);
};

export const count = async (
  dataSource: DataSource,
  table: 'outbox' | 'inbox' | 'dead_letter',
): Promise<number> => {
  const [row] = (await dataSource.query(`select count(*)::int as n from ${table}`)) as [{ n: number }];
  return row.n;
};

/** Makes the database refuse such rows of a table although it is available. */
export async function refuseInserts(
  dataSource: DataSource,
  table: 'outbox' | 'dead_letter',
  when: string,
): Promise<void> {
  await dataSource.query(`
    create or replace function refuse() returns trigger language plpgsql
      as $$ begin raise exception 'refused' using errcode = '23514'; end $$`);
  await dataSource.query(
    `create trigger refuse before insert on ${table} for each row when (${when}) execute function refuse()`,
  );
}

export async function allowInserts(dataSource: DataSource): Promise<void> {
  await dataSource.query('drop function refuse cascade');
}
