import { Injectable } from '@nestjs/common';
import { Clock } from '@tearoff/service-kit';
import type { Answer } from '../steps/answer';
import { batchOf, Effects } from '../steps/effects';
import { Plans } from '../workflows/plans';
import { People } from './people';
import type { RunState } from './run';
import { RunStore } from './run.store';
import { settle, walk, type Plan, type Stretch } from './walk';

type AtEffect = Stretch & { halt: Extract<Stretch['halt'], { at: 'effect' }> };
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
    const stretches = known.map((run) => walk(planOf(run), run, this.now(run)));
    // What has not moved stands at an effect whose id is kept: it may be asked for at once.
    const moved = stretches.filter(
      ({ state, taken }, index) => taken.length > 0 || state.step !== runs[index].step,
    );
    const still = stretches.filter((stretch) => !moved.includes(stretch));
    await this.ask(planOf, [...still, ...(await this.store.keep(moved))]);
  }

  /** Has done what these stand at, and takes each as far as it goes then. */
  private async ask(planOf: PlanOf, stretches: readonly Stretch[]): Promise<void> {
    const batches = new Map<string, AtEffect[]>();
    for (const stretch of stretches) {
      if (stretch.halt.at !== 'effect') continue;
      const key = batchOf(stretch.halt.effect) ?? stretch.state.id;
      batches.set(key, [...(batches.get(key) ?? []), stretch as AtEffect]);
    }
    await Promise.all([...batches.values()].map((batch) => this.askBatch(planOf, batch)));
  }

  private async askBatch(planOf: PlanOf, batch: readonly AtEffect[]): Promise<void> {
    const answers: Answer[] = await this.effects.ask(
      batch.map(({ state, halt }) => ({ effect: halt.effect, context: state.context })),
    );
    const settled = batch.map(({ state, halt }, index) =>
      settle(planOf(state), state, { answer: answers[index], input: halt.input, now: this.clock.now() }),
    );
    await this.ask(planOf, await this.store.keep(settled));
  }

  /** A run that was woken by the database's clock is due, whatever this one says. */
  private now({ step }: RunState): Date {
    const now = this.clock.now();
    return step.until && !step.answer && new Date(step.until) > now ? new Date(step.until) : now;
  }
}
