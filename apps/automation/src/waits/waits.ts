import { Injectable } from '@nestjs/common';
import type { Transaction } from '@tearoff/messaging';
import { Clock, toStorableJson } from '@tearoff/service-kit';
import type { RunEvent, Wakeable } from '../runs/run';
import type { StepBatch, Wait } from '../runs/walk';

interface Waiting {
  stepBatch: StepBatch;
  wait: Wait;
}

const waitingOf = (stepBatches: readonly StepBatch[]): Waiting[] =>
  stepBatches.flatMap((stepBatch) =>
    stepBatch.stopReason.at === 'rest' && stepBatch.stopReason.wait
      ? [{ stepBatch, wait: stepBatch.stopReason.wait }]
      : [],
  );

/** What runs wait for: a row each, found by the event that ends it. */
@Injectable()
export class Waits {
  constructor(private readonly clock: Clock) {}

  /**
   * Whether what these are about to wait for has happened already: then they have their answer, and are due. Anyone who
   * comes second, wait or event, is held up by the first one's row here until that has committed, and sees it.
   */
  async look(tx: Transaction, stepBatches: readonly StepBatch[]): Promise<StepBatch[]> {
    const waiting = waitingOf(stepBatches);
    if (waiting.length === 0) return [...stepBatches];
    const rows = waiting.flatMap(({ stepBatch, wait }) =>
      wait.keys.map((key) => ({ account: stepBatch.state.accountId, event: wait.event, key })),
    );
    const seen = (await tx.query(
      `insert into sighting (account_id, event, match_key, touched_at)
       select account, event, key, $4::timestamptz
       from (select distinct * from unnest($1::text[], $2::text[], $3::text[]) as given (account, event, key)) as wait
       order by account collate "C", event collate "C", key collate "C"
       on conflict (account_id, event, match_key) do update set touched_at = excluded.touched_at
       returning account_id as account, event, match_key as key, happened_at as at, happening`,
      [
        rows.map(({ account }) => account),
        rows.map(({ event }) => event),
        rows.map(({ key }) => key),
        this.clock.now(),
      ],
    )) as { account: string; event: string; key: string; at: Date | null; happening: RunEvent | null }[];
    const happened = new Map(
      seen.flatMap(({ account, event, key, at, happening }) =>
        at && happening ? [[`${account} ${event} ${key}`, { at, happening }] as const] : [],
      ),
    );
    return stepBatches.map((stepBatch) => {
      if (stepBatch.stopReason.at !== 'rest' || !stepBatch.stopReason.wait) return stepBatch;
      const { accountId, step } = stepBatch.state;
      const { event, keys, sinceEver } = stepBatch.stopReason.wait;
      const found = keys
        .flatMap((key) => happened.get(`${accountId} ${event} ${key}`) ?? [])
        .find(({ at }) => sinceEver || at >= new Date(step.startedAt));
      if (!found) return stepBatch;
      return {
        ...stepBatch,
        state: { ...stepBatch.state, step: { ...step, answer: found.happening } },
        stopReason: { at: 'rest', until: this.clock.now(), wait: null },
      };
    });
  }

  /** These runs wait for what they wait for now, and for nothing else. */
  async replace(tx: Transaction, stepBatches: readonly StepBatch[]): Promise<void> {
    const waited = stepBatches.filter(({ taken }) => taken.some(({ kind }) => kind === 'waitFor'));
    if (waited.length > 0)
      await tx.query(`delete from run_wait where run_id = any($1)`, [waited.map(({ state }) => state.id)]);
    const rows = waitingOf(stepBatches).flatMap(({ stepBatch: { state }, wait }) =>
      wait.keys.map((key) => ({
        run: state.id,
        key,
        account: state.accountId,
        event: wait.event,
        turn: state.turn,
      })),
    );
    if (rows.length === 0) return;
    await tx.query(
      `insert into run_wait (run_id, match_key, account_id, event, turn)
       select distinct on (run, key) run, key, account, event, turn
       from jsonb_to_recordset($1::jsonb) as wait (run text, key text, account text, event text, turn int)
       on conflict (run_id, match_key) do update set event = excluded.event, turn = excluded.turn`,
      [JSON.stringify(rows)],
    );
  }

  /** Has events end the waits for them; returns the runs that go on. `events`: of those that are waited for somewhere. */
  async end(
    tx: Transaction,
    events: readonly { account: string; event: string; key: string; happening: RunEvent }[],
  ): Promise<Wakeable[]> {
    if (events.length === 0) return [];
    // The same key twice in one group: the first one counts.
    const first = new Map(
      events.map((event) => [`${event.account} ${event.event} ${event.key}`, event] as const).reverse(),
    );
    const text = toStorableJson([...first.values()]);
    const now = this.clock.now();
    await tx.query(
      `insert into sighting (account_id, event, match_key, happened_at, happening, touched_at)
       select account, event, key, $2::timestamptz, happening, $2::timestamptz
       from jsonb_to_recordset($1::jsonb) as seen (account text, event text, key text, happening jsonb)
       order by account collate "C", event collate "C", key collate "C"
       on conflict (account_id, event, match_key) do update
         set happened_at = excluded.happened_at, happening = excluded.happening, touched_at = excluded.touched_at`,
      [text, now],
    );
    const [rows] = (await tx.query(
      `with ended as (
         delete from run_wait using jsonb_to_recordset($1::jsonb) as seen (account text, event text, key text, happening jsonb)
         where run_wait.account_id = seen.account and run_wait.event = seen.event and run_wait.match_key = seen.key
         returning run_wait.run_id, run_wait.turn, seen.happening),
       answered as (select distinct on (run_id) * from ended order by run_id)
       update run set turn = run.turn + 1, due_at = $2, step = jsonb_set(step, '{answer}', answered.happening)
       from answered
       where run.id = answered.run_id and run.turn = answered.turn and run.status = 'active'
       returning run.id, run.context`,
      [text, now],
    )) as [Wakeable[], number];
    return rows;
  }
}
