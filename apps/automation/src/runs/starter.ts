import { Injectable } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { Clock } from '../clock';
import type { Happening, HappeningListener } from '../happenings/happening';
import { judge } from '../logic/logic';
import { Scope } from '../references/scope';
import { startKeyOf } from '../times/period';
import { keysOfHappening } from '../waits/match-key';
import { Waits } from '../waits/waits';
import { Listening, type ActiveWorkflow, type Ears } from '../workflows/listening';
import type { RunHappening } from './run';
import { queues, RunStore } from './run.store';
import { cleanText, jsonText } from './storable';
import { beginStep } from './walk';

/** So many runs that begin at once are a list's: they queue behind those that begin by ones. */
const crowd = 200;

/** Starts runs, and ends the waits of those under way. */
@Injectable()
export class Starter implements HappeningListener {
  constructor(
    private readonly listening: Listening,
    private readonly waits: Waits,
    private readonly store: RunStore,
    private readonly clock: Clock,
  ) {}

  async happened(tx: Transaction, happenings: readonly Happening[]): Promise<void> {
    const ears = await this.listening.of(tx, [...new Set(happenings.map(({ accountId }) => accountId))]);
    if (ears.size === 0) return;
    const awaited = happenings.flatMap((happening) => awaitedOf(happening, ears.get(happening.accountId)));
    const goOn = await this.waits.end(tx, awaited);
    const rows = happenings.flatMap((happening) =>
      (ears.get(happening.accountId)?.starts.get(happening.event) ?? [])
        .filter(
          ({ trigger }) => trigger.filter === undefined || judge(trigger.filter, scopeOf(happening)).holds,
        )
        .map((workflow) => this.rowOf(happening, workflow)),
    );
    const started = await this.insert(tx, rows);
    await this.store.wake(tx, [...goOn, ...started], started.length > crowd ? queues.delayed : queues.fresh);
  }

  private rowOf(happening: Happening, { workflowId, version, trigger, timezone, flow }: ActiveWorkflow) {
    const id = newId('run');
    const now = this.clock.now();
    return {
      id,
      account_id: happening.accountId,
      workflow_id: workflowId,
      version,
      start_key: cleanText(startKeyOf(happening, trigger.repeat, timezone)),
      happening: kept(happening),
      contact: happening.contact,
      step: beginStep(flow, flow.first!, 0, id, now),
      now,
    };
  }

  /** The ids of those that were not started before. */
  private async insert(tx: Transaction, rows: readonly object[]): Promise<string[]> {
    if (rows.length === 0) return [];
    // In the order of their keys: two instances with the same keys wait for, not on, each other.
    const started = (await tx.query(
      `insert into run (id, account_id, workflow_id, version, start_key, status, happening, contact, step, due_at,
         woken_at, started_at)
       select id, account_id, workflow_id, version, start_key, 'active', happening, contact, step, now, now, now
       from jsonb_to_recordset($1::jsonb) as run (id text, account_id text, workflow_id text, version int,
         start_key text, happening jsonb, contact jsonb, step jsonb, now timestamptz)
       order by workflow_id collate "C", start_key collate "C"
       on conflict (workflow_id, start_key) do nothing returning id`,
      [jsonText(rows)],
    )) as { id: string }[];
    return started.map(({ id }) => id);
  }
}

const kept = ({ id, event, key, params, contactId = null, at }: Happening): RunHappening => ({
  id,
  event,
  key,
  params,
  contactId,
  at,
});

const scopeOf = ({ event, key, params, contact }: Happening): Scope =>
  new Scope({ event, key, params, contact, steps: {} });

const awaitedOf = (happening: Happening, ears: Ears | undefined) =>
  (ears?.waits.get(happening.event) ?? []).flatMap((names) =>
    keysOfHappening(happening, names).map((key) => ({
      account: happening.accountId,
      event: happening.event,
      key,
      happening: kept(happening),
    })),
  );
