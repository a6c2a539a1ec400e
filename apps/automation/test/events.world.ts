import {
  EventRecorded,
  newId,
  RecordEvent,
  SaveContacts,
  type CommandDefinition,
  type ContactInput,
  type EventDefinition,
  type EventRecordedItem,
  type ItemOf,
  type ReplyOf,
  type RequestOf,
  type SavedContact,
} from '@tearoff/contracts';
import type { RunningService } from '@tearoff/service-kit';
import { Callers, openTestHost, times, type OpenTransport } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openAutomationDatabase } from '../src/database';
import { start } from '../src/start';

const env = { LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent', DATABASE_POOL: '4' };

/** Two instances of automation, and two gateways that ask them. */
export class EventsWorld {
  readonly accountId = newId('account');

  private constructor(
    /** Automation's own schema, to look into. */
    readonly dataSource: DataSource,
    private readonly instances: RunningService[],
    private readonly callers: Callers,
    private readonly cleanup: () => Promise<void>,
  ) {}

  static async start(means?: OpenTransport): Promise<EventsWorld> {
    const { transport, databaseUrl, cleanup } = await openTestHost(means, ['automation']);
    const instances = await Promise.all(times(2, () => start({ env, transport, databaseUrl })));
    const dataSource = await openAutomationDatabase(databaseUrl, 2);
    return new EventsWorld(dataSource, instances, await Callers.open(transport, dataSource, 2), cleanup);
  }

  async stop(): Promise<void> {
    await this.callers.close();
    await Promise.all(this.instances.map((instance) => instance.stop()));
    await this.dataSource.destroy();
    await this.cleanup();
  }

  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.callers.ask(command, request);
  }

  record(
    event: Omit<RequestOf<typeof RecordEvent>, 'accountId' | 'eventId'>,
    { accountId = this.accountId, eventId = newId('event') } = {},
  ): Promise<ReplyOf<typeof RecordEvent>> {
    return this.ask(RecordEvent, { accountId, eventId, ...event });
  }

  async save(...contacts: ContactInput[]): Promise<SavedContact[]> {
    return (await this.ask(SaveContacts, { accountId: this.accountId, contacts })).results;
  }

  /** An event of another service. */
  tell<E extends EventDefinition>(event: E, items: ItemOf<E>[]): Promise<void> {
    return this.callers.tell(event, items);
  }

  /** Keeps what is distinguished from now on where it was written, to be looked at. */
  async holdBack(): Promise<void> {
    await this.dataSource.query(
      `create or replace function held() returns trigger language plpgsql as
       $$ begin new.available_at := 'infinity'; return new; end $$`,
    );
    await this.dataSource.query(
      `create trigger held before insert on outbox for each row when (new.type = '${EventRecorded.type}') execute function held()`,
    );
  }

  async told(type: string): Promise<EventRecordedItem[]> {
    const rows = await this.dataSource.query<{ data: { items: EventRecordedItem[] } }[]>(
      `select data from outbox where type = $1 order by seq`,
      [EventRecorded.type],
    );
    return rows.flatMap(({ data }) => data.items).filter((item) => item.type === type);
  }

  async count(table: string, where: string, values: unknown[] = []): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from ${table} where ${where}`,
      values,
    );
    return row.count;
  }
}
