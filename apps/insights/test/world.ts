import {
  maxItemsPerEvent,
  newId,
  type CommandDefinition,
  type EventDefinition,
  type ItemOf,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { Callers, eventually, openTestHost, times, type OpenTransport } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openInsightsDatabase } from '../src/database';
import { start } from '../src/start';
import { Owners } from './owners.stand-in';

const env = { LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal', DATABASE_POOL: '4' };

/** One event and its items. */
export type Told<E extends EventDefinition = EventDefinition> = [event: E, ...items: ItemOf<E>[]];

/** Insights, running, with stand-ins for the owners and someone who says what happened. */
export class World {
  static async start(means?: OpenTransport, instances = 1): Promise<World> {
    const { transport, databaseUrl, cleanup } = await openTestHost(means);
    const owners = await Owners.open(transport);
    const launch = () => start({ env, transport, databaseUrl });
    const services = await Promise.all(times(instances, launch));
    const dataSource = await openInsightsDatabase(databaseUrl, 3);
    const caller = await Callers.open(transport, dataSource);
    await caller.relay();
    return new World(owners, dataSource, caller, services, launch, cleanup);
  }

  private told = 0;

  private constructor(
    readonly owners: Owners,
    /** Insights' own tables. */
    readonly dataSource: DataSource,
    private readonly caller: Callers,
    readonly services: Awaited<ReturnType<typeof start>>[],
    readonly launch: () => ReturnType<typeof start>,
    private readonly cleanup: () => Promise<void>,
  ) {}

  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.caller.ask(command, request);
  }

  /** Tells events in this order; resolves when insights has handled every one of them. */
  async tell(...events: Told[]): Promise<void> {
    await this.send(...events);
    await this.settled();
  }

  async send(...events: Told[]): Promise<void> {
    for (const [event, ...items] of events) {
      // To its queue alone: no one here would take what others are bound to.
      await this.caller.tell(event, items, { queue: 'insights.events' });
      this.told += Math.ceil(items.length / maxItemsPerEvent);
    }
  }

  settled(): Promise<boolean> {
    return eventually(async () => {
      const [{ n, dead }] = (await this.dataSource.query(
        `select (select count(*)::int from inbox) as n, (select count(*)::int from dead_letter) as dead`,
      )) as { n: number; dead: number }[];
      expect({ n, dead }).toEqual({ n: this.told, dead: 0 });
      return true;
    });
  }

  /** Everything that reports are made of, of the generation that is shown. */
  async models(accountId: string): Promise<Record<string, unknown[]>> {
    const dump: Record<string, unknown[]> = {};
    for (const table of ['campaign', 'coupon_fact', 'redemption_fact'])
      dump[table] = await this.dataSource.query(
        `select (to_jsonb(t) - 'generation')::text as row from ${table} t where account_id = $1
           and generation = coalesce((select live from read_model where account_id = $1), 1) order by 1`,
        [accountId],
      );
    for (const table of ['face_opening', 'traffic', 'spend'])
      dump[table] = await this.dataSource.query(
        `select to_jsonb(t)::text as row from ${table} t where account_id = $1 order by 1`,
        [accountId],
      );
    return dump;
  }

  async stop(): Promise<void> {
    await this.caller.close();
    await Promise.all(this.services.map((service) => service.stop()));
    await this.owners.close();
    await this.dataSource.destroy();
    await this.cleanup();
  }
}

export const newAccount = (): string => newId('account');
