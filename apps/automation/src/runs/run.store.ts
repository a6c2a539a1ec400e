import { Injectable } from '@nestjs/common';
import { RunDue } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { Clock, toStorableJson } from '@tearoff/service-kit';
import { Waits } from '../waits/waits';
import type { RunState, Wakeable } from './run';
import type { StepBatch } from './walk';

/** So much earlier than by this clock a run may be taken: the database's clock, which wakes it, may be ahead. */
const slackMs = 1_000;
export const queues = { fresh: 'automation.runs', delayed: 'automation.delays' } as const;

/** Keeps where runs are. */
@Injectable()
export class RunStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly waits: Waits,
    private readonly clock: Clock,
  ) {}

  /** Those of them that have something to do. */
  due(ids: readonly string[]): Promise<RunState[]> {
    return this.dataSource.query(
      `select id, account_id as "accountId", workflow_id as "workflowId", version, turn, happening, contact, outputs, step,
              context
       from run where id = any($1) and status = 'active' and due_at <= $2 order by id`,
      [ids, new Date(this.clock.now().getTime() + slackMs)],
    );
  }

  /**
   * Keeps how far these got; returns those that no one else had moved since they were read, with their new turn. Who
   * is not among them is in another worker's hands.
   */
  async keep(stepBatches: readonly StepBatch[]): Promise<StepBatch[]> {
    if (stepBatches.length === 0) return [];
    return this.outbox.transaction(async (tx) => {
      // Before the runs: an event takes the same locks in the same order.
      const answered = await this.waits.look(tx, stepBatches);
      const kept = await this.update(tx, answered);
      await this.insertTaken(tx, kept);
      await this.waits.replace(tx, kept);
      await this.wakeLater(tx, kept);
      return kept;
    });
  }

  /** Puts runs on a queue, at once or at an instant of this clock's. */
  async wake(tx: Transaction, runs: readonly Wakeable[], queue: string, at?: Date): Promise<void> {
    if (runs.length === 0) return;
    await this.outbox.add(
      tx,
      RunDue,
      runs.map(({ id: runId }) => ({ runId })),
      {
        queue,
        contexts: runs.map(({ context }) => context),
        itemsPerEvent: 50,
        ...(at && { availableAt: new Date(Date.now() + at.getTime() - this.clock.now().getTime()) }),
      },
    );
  }

  private async update(tx: Transaction, stepBatches: readonly StepBatch[]): Promise<StepBatch[]> {
    const now = this.clock.now();
    const rows = stepBatches.map(({ state, stopReason }) => ({
      id: state.id,
      turn: state.turn,
      status: stopReason.at === 'end' ? stopReason.status : stopReason.at === 'failure' ? 'failed' : 'active',
      contact: state.contact,
      outputs: state.outputs,
      step: stopReason.at === 'end' ? null : state.step,
      error: stopReason.at === 'failure' ? stopReason.error : null,
      due_at: stopReason.at === 'rest' ? stopReason.until : stopReason.at === 'effect' ? now : null,
      finished_at: stopReason.at === 'end' ? now : null,
    }));
    const [updated] = (await tx.query(
      `update run set turn = run.turn + 1, status = kept.status, contact = kept.contact, outputs = kept.outputs,
         step = kept.step, error = kept.error, due_at = kept.due_at, finished_at = kept.finished_at
       from jsonb_to_recordset($1::jsonb) as kept (id text, turn int, status text, contact jsonb, outputs jsonb,
         step jsonb, error jsonb, due_at timestamptz, finished_at timestamptz)
       where run.id = kept.id and run.turn = kept.turn and run.status = 'active'
       returning run.id`,
      [toStorableJson(rows)],
    )) as [{ id: string }[], number];
    const own = new Set(updated.map(({ id }) => id));
    return stepBatches
      .filter(({ state }) => own.has(state.id))
      .map((stepBatch) => ({ ...stepBatch, state: { ...stepBatch.state, turn: stepBatch.state.turn + 1 } }));
  }

  private async insertTaken(tx: Transaction, stepBatches: readonly StepBatch[]): Promise<void> {
    const rows = stepBatches.flatMap(({ state, taken }) =>
      taken.map((step) => ({ run_id: state.id, ...step })),
    );
    if (rows.length === 0) return;
    await tx.query(
      `insert into run_step (run_id, seq, path, name, kind, status, attempts, input, output, error, started_at, finished_at)
       select run_id, seq, path, name, kind, status, attempts, input, output, error, "startedAt", "finishedAt"
       from jsonb_to_recordset($1::jsonb) as step (run_id text, seq int, path text, name text, kind text, status text,
         attempts int, input jsonb, output jsonb, error jsonb, "startedAt" timestamptz, "finishedAt" timestamptz)`,
      [toStorableJson(rows)],
    );
  }

  private async wakeLater(tx: Transaction, stepBatches: readonly StepBatch[]): Promise<void> {
    const bySecond = new Map<number, Wakeable[]>();
    for (const { state, stopReason } of stepBatches) {
      if (stopReason.at !== 'rest') continue;
      // Up to the full second: runs that began together wake together.
      const second = state.step.answer ? 0 : Math.ceil(stopReason.until.getTime() / 1_000);
      const runs = bySecond.get(second);
      if (runs) runs.push(state);
      else bySecond.set(second, [state]);
    }
    for (const [second, runs] of bySecond)
      await this.wake(tx, runs, queues.delayed, second === 0 ? undefined : new Date(second * 1_000));
  }
}
