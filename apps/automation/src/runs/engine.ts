import { Injectable } from '@nestjs/common';
import { Clock } from '@tearoff/service-kit';
import type { Answer } from '../steps/answer';
import { batchOf, Effects } from '../steps/effects';
import { Plans } from '../workflows/plans';
import { People } from './people';
import type { RunState } from './run';
import { RunStore } from './run.store';
import { settle, walk, type Plan, type StepBatch } from './walk';

type AtEffect = StepBatch & { stopReason: Extract<StepBatch['stopReason'], { at: 'effect' }> };
type PlanOf = (run: RunState) => Plan;

/** Takes runs as far as they go. Each step of a group is one question to its service and one write. */
@Injectable()
export class Engine {
  constructor(
    private readonly store: RunStore,
    private readonly plans: Plans,
    private readonly effects: Effects,
    private readonly people: People,
    private readonly clock: Clock,
  ) {}

  async advance(ids: readonly string[]): Promise<void> {
    const runs = await this.store.due(ids);
    if (runs.length === 0) return;
    const planOf = await this.plans.of(runs);
    const known = await this.people.of(runs);
    const stepBatches = known.map((run) => walk(planOf(run), run, this.now(run)));
    // What has not moved stands at an effect whose id is kept: it may be asked for at once.
    const moved = stepBatches.filter(
      ({ state, taken }, index) => taken.length > 0 || state.step !== runs[index].step,
    );
    const still = stepBatches.filter((stepBatch) => !moved.includes(stepBatch));
    await this.ask(planOf, [...still, ...(await this.store.keep(moved))]);
  }

  /** Has done what these stand at, and takes each as far as it goes then. */
  private async ask(planOf: PlanOf, stepBatches: readonly StepBatch[]): Promise<void> {
    const batches = new Map<string, AtEffect[]>();
    for (const stepBatch of stepBatches) {
      if (stepBatch.stopReason.at !== 'effect') continue;
      const key = batchOf(stepBatch.stopReason.effect) ?? stepBatch.state.id;
      batches.set(key, [...(batches.get(key) ?? []), stepBatch as AtEffect]);
    }
    await Promise.all([...batches.values()].map((batch) => this.askBatch(planOf, batch)));
  }

  private async askBatch(planOf: PlanOf, batch: readonly AtEffect[]): Promise<void> {
    const answers: Answer[] = await this.effects.ask(
      batch.map(({ state, stopReason }) => ({ effect: stopReason.effect, context: state.context })),
    );
    const settled = batch.map(({ state, stopReason }, index) =>
      settle(planOf(state), state, {
        answer: answers[index],
        input: stopReason.input,
        now: this.clock.now(),
      }),
    );
    await this.ask(planOf, await this.store.keep(settled));
  }

  /** A run that was woken by the database's clock is due, whatever this one says. */
  private now({ step }: RunState): Date {
    const now = this.clock.now();
    return step.until && !step.answer && new Date(step.until) > now ? new Date(step.until) : now;
  }
}
