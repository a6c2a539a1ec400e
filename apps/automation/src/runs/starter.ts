import { Injectable } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { Clock, toStorableJson, toStorableText } from '@tearoff/service-kit';
import type { DomainEvent, DomainEventListener } from '../domain-events/domain-event';
import { judge } from '../logic/logic';
import { Scope } from '../references/scope';
import { onceForGood, startKeyOf } from '../times/period';
import { keysOfEvent } from '../waits/match-key';
import { Waits } from '../waits/waits';
import {
  SubscriptionCache,
  type ActiveWorkflow,
  type WorkflowSubscriptions,
} from '../workflows/workflow-subscriptions';
import type { RunEvent, Wakeable } from './run';
import { queues, RunStore } from './run.store';
import { beginStep } from './walk';

/** So many runs that begin at once are a list's: they queue behind those that begin by ones. */
const crowd = 200;

interface Started extends Wakeable {
  startKey: string;
}

/** Starts runs, and ends the waits of those under way. */
@Injectable()
export class Starter implements DomainEventListener {
  constructor(
    private readonly listening: SubscriptionCache,
    private readonly waits: Waits,
    private readonly store: RunStore,
    private readonly clock: Clock,
  ) {}

  async happened(tx: Transaction, happenings: readonly DomainEvent[]): Promise<void> {
    const subscriptions = await this.listening.of(tx, [
      ...new Set(happenings.map(({ accountId }) => accountId)),
    ]);
    if (subscriptions.size === 0) return;
    const awaited = happenings.flatMap((happening) =>
      awaitedOf(happening, subscriptions.get(happening.accountId)),
    );
    const goOn = await this.waits.end(tx, awaited);
    const rows = happenings.flatMap((happening) =>
      (subscriptions.get(happening.accountId)?.starts.get(happening.event) ?? [])
        .filter(
          ({ trigger }) => trigger.filter === undefined || judge(trigger.filter, scopeOf(happening)).holds,
        )
        .map((workflow) => this.rowOf(happening, workflow)),
    );
    const started = await this.insert(tx, rows);
    await this.store.wake(tx, [...goOn, ...started], started.length > crowd ? queues.delayed : queues.fresh);
  }

  private rowOf(happening: DomainEvent, { workflowId, version, trigger, timezone, flow }: ActiveWorkflow) {
    const id = newId('run');
    const now = this.clock.now();
    return {
      id,
      account_id: happening.accountId,
      workflow_id: workflowId,
      version,
      start_key: toStorableText(startKeyOf(happening, trigger.repeat, timezone)),
      happening: kept(happening),
      contact: happening.contact,
      context: contextOf(happening),
      step: beginStep(flow, flow.first!, 0, id, now),
      now,
    };
  }

  /** Those that were not started before. */
  private async insert(tx: Transaction, rows: readonly { workflow_id: string }[]): Promise<Wakeable[]> {
    if (rows.length === 0) return [];
    // In the order of their keys: two instances with the same keys wait for, not on, each other. Of workflows that are
    // there until this commits: a deletion leaves no run behind.
    const started = (await tx.query(
      `with standing as (
         select id from workflow where id = any($2::text[]) order by id for key share)
       insert into run (id, account_id, workflow_id, version, start_key, status, happening, contact, context, step,
         due_at, woken_at, started_at)
       select id, account_id, workflow_id, version, start_key, 'active', happening, contact, context, step, now, now, now
       from jsonb_to_recordset($1::jsonb) as run (id text, account_id text, workflow_id text, version int,
         start_key text, happening jsonb, contact jsonb, context jsonb, step jsonb, now timestamptz)
       where workflow_id in (select id from standing)
       order by workflow_id collate "C", start_key collate "C"
       on conflict (workflow_id, start_key) do nothing returning id, context, start_key as "startKey"`,
      [toStorableJson(rows), [...new Set(rows.map((row) => row.workflow_id))]],
    )) as Started[];
    const spent = await this.cancelRedeemed(tx, started);
    return started.filter(({ id }) => !spent.has(id));
  }

  /**
   * Takes back those whose key started a run that is no longer kept. After they were inserted, which waits for anyone who
   * is just moving that run's key out of its row.
   */
  private async cancelRedeemed(tx: Transaction, started: readonly Started[]): Promise<ReadonlySet<string>> {
    const ids = started.flatMap(({ id, startKey }) => (startKey.startsWith(onceForGood) ? [id] : []));
    if (ids.length === 0) return new Set();
    const [spent] = (await tx.query(
      `delete from run using run_key
       where run.id = any($1) and run_key.workflow_id = run.workflow_id and run_key.start_key = run.start_key
       returning run.id`,
      [ids],
    )) as [{ id: string }[], number];
    return new Set(spent.map(({ id }) => id));
  }
}

const kept = ({ id, event, key, params, contactId = null, at }: DomainEvent): RunEvent => ({
  id,
  event,
  key,
  params,
  contactId,
  at,
});

/** Null rather than nothing: most events of the system's own have none. */
const contextOf = ({ context }: DomainEvent): DomainEvent['context'] | null =>
  context && Object.keys(context).length > 0 ? context : null;

const scopeOf = ({ event, key, params, contact }: DomainEvent): Scope =>
  new Scope({ event, key, params, contact, steps: {} });

const awaitedOf = (happening: DomainEvent, subscriptions: WorkflowSubscriptions | undefined) =>
  (subscriptions?.waits.get(happening.event) ?? []).flatMap((names) =>
    keysOfEvent(happening, names).map((key) => ({
      account: happening.accountId,
      event: happening.event,
      key,
      happening: kept(happening),
    })),
  );
