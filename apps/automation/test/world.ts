import {
  CreateWorkflow,
  EventRecorded,
  GetRun,
  ListRuns,
  newId,
  type CommandDefinition,
  type ContactInput,
  type EventDefinition,
  type ItemOf,
  type MessageContext,
  type ReplyOf,
  type RequestOf,
  type RunWithSteps,
  type Workflow,
  type WorkflowInput,
} from '@tearoff/contracts';
import type { Link } from '@tearoff/messaging';
import type { RunningService } from '@tearoff/service-kit';
import { Callers, eventually, openTestHost, TestClock, times, type OpenTransport } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openAutomationDatabase } from '../src/database';
import { start } from '../src/start';
import { Owners } from './owners.stand-in';

const env = {
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal',
  DATABASE_POOL: '6',
  WEBHOOK_ALLOW_PRIVATE: 'true',
};

interface Telling {
  id?: string;
  queue?: string;
  /** Of the requests that caused the items, in their order. */
  contexts?: MessageContext[];
}

interface WorldOptions {
  means?: OpenTransport;
  instances?: number;
}

/** Automation, running, with stand-ins for those it asks and someone who says what happened. */
export class World {
  static async start({ means, instances = 1 }: WorldOptions = {}): Promise<World> {
    const { transport, databaseUrl, cleanup } = await openTestHost(means, ['automation']);
    const clock = new TestClock();
    const owners = await Owners.open(transport);
    const launch = () => start({ env, transport, databaseUrl, clock });
    const services = await Promise.all(times(instances, launch));
    const dataSource = await openAutomationDatabase(databaseUrl, 3);
    const caller = await Callers.open(transport, dataSource);
    const link = await transport.connect('gateway');
    return new World(clock, owners, dataSource, services, launch, caller, link, cleanup);
  }

  readonly accountId = newId('account');

  private constructor(
    readonly clock: TestClock,
    readonly owners: Owners,
    /** Automation's own tables. */
    readonly dataSource: DataSource,
    /** Those that run; a test that stops one takes it out. */
    readonly services: RunningService[],
    readonly launch: () => Promise<RunningService>,
    private readonly caller: Callers,
    private readonly link: Link,
    private readonly cleanup: () => Promise<void>,
  ) {}

  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.caller.ask(command, request);
  }

  /** One event of these items, as its consumer gets it. */
  async tell<E extends EventDefinition>(
    event: E,
    items: ItemOf<E>[],
    { id = newId('event'), queue = 'automation.events', contexts }: Telling = {},
  ): Promise<void> {
    const envelope = {
      specversion: '1.0',
      id,
      type: event.type,
      source: `tearoff.${event.source}`,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: { items, contexts },
    };
    await this.link.publish({ to: { queue }, body: JSON.stringify([envelope]) });
  }

  /** Events of a caller's, of this world's account by default. */
  async happen(type: string, ...events: Partial<ItemOf<typeof EventRecorded>>[]): Promise<void> {
    await this.tell(EventRecorded, this.happened(type, ...events));
  }

  happened(type: string, ...events: Partial<ItemOf<typeof EventRecorded>>[]): ItemOf<typeof EventRecorded>[] {
    return (events.length > 0 ? events : [{}]).map((event) => {
      const eventId = newId('event');
      return {
        eventId,
        accountId: this.accountId,
        type,
        key: eventId,
        repeated: false,
        contactId: null,
        contact: ann,
        params: {},
        at: this.clock.now().toISOString(),
        ...event,
      };
    });
  }

  workflow(input: Partial<WorkflowInput> & Pick<WorkflowInput, 'steps'>): Promise<Workflow> {
    const trigger = { event: 'order', repeat: 'every' as const };
    return this.ask(CreateWorkflow, {
      accountId: this.accountId,
      workflow: { name: 'Test', trigger, ...input },
    });
  }

  /** All of its runs, step by step, oldest first. */
  async runs({ id: workflowId }: { id: string }): Promise<RunWithSteps[]> {
    const { accountId } = this;
    const { data } = await this.ask(ListRuns, { accountId, workflowId, limit: 500 });
    const runs = await Promise.all(
      data.map(({ id: runId }) => this.ask(GetRun, { accountId, workflowId, runId })),
    );
    return runs.reverse();
  }

  /** Its only run, once it is in that state. */
  run(workflow: { id: string }, status: RunWithSteps['status']): Promise<RunWithSteps> {
    return eventually(async () => {
      const runs = await this.runs(workflow);
      expect(runs).toMatchObject([{ status }]);
      return runs[0];
    });
  }

  /** Moves this clock, and brings what was put off in the outbox as much nearer. */
  async pass(ms: number): Promise<void> {
    this.clock.is(new Date(this.clock.now().getTime() + ms).toISOString());
    await this.dataSource.query(
      `update outbox set available_at = available_at - $1::bigint * interval '1 millisecond'
       where available_at > now()`,
      [ms],
    );
  }

  async stop(): Promise<void> {
    await this.caller.close();
    await this.link.close();
    await Promise.all(this.services.map((service) => service.stop()));
    await this.owners.close();
    await this.dataSource.destroy();
    await this.cleanup();
  }
}

export const ann: ContactInput = { phone: '+447400123456', email: 'ann@example.com', firstName: 'Ann' };
export const newAccount = (): string => newId('account');
