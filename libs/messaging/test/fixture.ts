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

/** What a test wants the consuming service to do; the rest does nothing. */
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
    // Issuance must have a handler for all that its queue is bound to.
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
  /** `connections`: 6 at most by default; `options`: settings of the server for each, as psql's `-c name=value`. */
  connect(connections?: number, options?: string): Promise<DataSource>;
  /** As it was when it was made. For between two tests, when nothing is connected: making one takes far longer. */
  empty(): Promise<void>;
}

/** A database with messaging's tables and one of effects: `effect (key)`, a row each time a handler acts. */
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

/** TEST_LOG=1 shows what messaging says. */
const logger = process.env.TEST_LOG ? console : undefined;

/** Retries fast, so that eight attempts fit into a test. */
const retry = { maxAttempts: 3, baseMs: 20, factor: 2, maxMs: 100 };

/**
 * Insights is told what issuance is told. In one process nothing but a consumer takes it, so here is one that does
 * nothing; on RabbitMQ its queue does.
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

/** The telling and asking side. */
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

export const voided = (code: string): Voided => ({
  accountId: newId('account'),
  couponId: newId('coupon'),
  campaignId: newId('campaign'),
  code,
  voidedAt: new Date().toISOString(),
  reason: null,
});

/** Takes everything off a queue; `ids`: of what the items are about, as they came. */
export async function taker(link: Link, name: string) {
  const taken: string[] = [];
  const queue = queues.find((one) => one.name === name)!;
  const consumer = await link.consume(queue, 100, (message) => {
    for (const { items } of readBody(message.body).events as readonly { items: Record<string, string>[] }[])
      taken.push(...items.map(({ deliveryId, redemptionId }) => redemptionId ?? deliveryId));
    message.ack();
  });
  return { ids: () => taken, stop: () => consumer.stop() };
}

/** Tells, in one transaction, one event a code. */
export async function tell({ messaging }: Running, ...codes: string[]): Promise<void> {
  await messaging.outbox.transaction(async (tx) => {
    for (const code of codes) await messaging.outbox.add(tx, CouponVoided, [voided(code)]);
  });
}

export const act = async (items: Voided[], { tx }: EventContext): Promise<void> => {
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

/** Has the database refuse such rows of a table, for another reason than being away. */
export async function refuse(
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

export async function allow(dataSource: DataSource): Promise<void> {
  await dataSource.query('drop function refuse cascade');
}
