import { newId } from '@tearoff/contracts';
import { judge } from '../logic/logic';
import { Scope } from '../references/scope';
import type { Answer } from '../steps/answer';
import { isEffect, prepare, type Effect } from '../steps/requests';
import { after } from '../times/duration';
import { nextLocal } from '../times/until';
import { zoneOfContact } from '../times/zones';
import { keysOf } from '../waits/match-key';
import { outputKeyOf, type Definition, type Flow, type Node, type NodeFor } from '../workflows/definition';
import { retryAt } from './backoff';
import type { CurrentStep, RunError, RunState, TakenStep } from './run';

/** A version of a workflow, read. */
export interface Plan {
  definition: Definition;
  flow: Flow;
}

/** What a run waits for besides an instant. */
export interface Wait {
  event: string;
  keys: string[];
  /** Whether it counts when it happened before: of what this run itself has made. */
  sinceEver: boolean;
}

/** Where a run is when it has gone as far as it can by itself. */
export type StopReason =
  | { at: 'effect'; effect: Effect; input: unknown }
  | { at: 'rest'; until: Date; wait: Wait | null }
  | { at: 'failure'; error: RunError }
  | { at: 'end'; status: 'completed' | 'stopped' };

/** One stepBatch of a run: the steps that are behind it now, and where it stands. Nothing here asks or keeps anything. */
export interface StepBatch {
  state: RunState;
  taken: TakenStep[];
  stopReason: StopReason;
}

/** Takes steps from where the run stands until one has to wait for the outside. */
export function walk(plan: Plan, state: RunState, now: Date): StepBatch {
  return new Walk(plan, state, now).on();
}

/** Goes on with what came of the effect that the run stood at. */
export function settle(
  plan: Plan,
  state: RunState,
  { answer, input, now, random }: { answer: Answer; input: unknown; now: Date; random?: number },
): StepBatch {
  return new Walk(plan, state, now).settled(answer, input, random);
}

/** A step as a run comes to it. The id of its effect is made here, and asked for only once this is kept. */
export function beginStep({ nodes }: Flow, path: string, seq: number, run: string, now: Date): CurrentStep {
  const { kind } = nodes.get(path)!;
  const ids = { issueCoupon: 'coupon', sendMessage: 'delivery', webhook: 'webhookAttempt' } as const;
  return {
    seq,
    path,
    effectId:
      kind === 'awardPoints' ? `${run}:${seq}` : kind in ids ? newId(ids[kind as keyof typeof ids]) : null,
    attempts: 0,
    startedAt: now.toISOString(),
    input: null,
    until: null,
    answer: null,
    error: null,
    zone: null,
    refused: false,
  };
}

class Walk {
  private readonly taken: TakenStep[] = [];

  constructor(
    private readonly plan: Plan,
    private state: RunState,
    private readonly now: Date,
  ) {}

  on(): StepBatch {
    for (;;) {
      const node = this.plan.flow.nodes.get(this.state.step.path)!;
      const stopReason = this.take(node);
      if (stopReason) return { state: this.state, taken: this.taken, stopReason };
    }
  }

  settled(answer: Answer, input: unknown, random?: number): StepBatch {
    const node = this.plan.flow.nodes.get(this.state.step.path)!;
    const stopReason = this.settle(node, answer, input, random);
    return stopReason ? { state: this.state, taken: this.taken, stopReason } : this.on();
  }

  /** Null when the run is at another step now. */
  private take(node: Node): StopReason | null {
    const { step } = this.state;
    switch (node.kind) {
      case 'condition': {
        const { holds, fault } = judge(node.spec.if, this.scope());
        const branch = holds ? 'so' : 'else';
        return this.leave(node, null, { holds, ...(fault && { fault }) }, node.branches[branch]);
      }
      case 'stop':
        this.leave(
          node,
          step.input,
          node.spec.reason === undefined ? null : { reason: node.spec.reason },
          null,
        );
        return { at: 'end', status: 'stopped' };
      case 'delay':
        return this.delay(node);
      case 'waitFor':
        return this.waitFor(node);
      default: {
        const prepared = prepare(node, this.state, this.scope());
        if ('effect' in prepared) return { at: 'effect', ...prepared };
        return this.settle(node, { outcome: 'refused', error: prepared }, null);
      }
    }
  }

  private delay(node: NodeFor<'delay'>): StopReason | null {
    const { step } = this.state;
    if (step.until === null) {
      const zone = node.spec.until ? this.zoneOf(node.spec.until.zone) : this.plan.definition.timezone;
      if (typeof zone !== 'string') return zone;
      const until = node.spec.until
        ? nextLocal(this.now, node.spec.until.time, node.spec.until.weekday, zone)
        : after(this.now, node.spec.for!, zone);
      this.amend({ until: until.toISOString(), input: { ...node.spec, ...(node.spec.until && { zone }) } });
    }
    const until = new Date(this.state.step.until!);
    if (until > this.now) return { at: 'rest', until, wait: null };
    return this.leave(node, this.state.step.input, null, node.next);
  }

  private waitFor(node: NodeFor<'waitFor'>): StopReason | null {
    const { step } = this.state;
    const { event, within } = node.spec;
    if (step.answer) {
      const { id, params, at } = step.answer;
      return this.leave(node, step.input, { happened: true, eventId: id, at, params }, node.branches.so);
    }
    const keys = keysOf(node.match, this.state.contact, this.scope());
    if (step.until === null) {
      if (keys.length === 0) {
        const message = 'There is nothing to know the event by: no coupon, message or contact.';
        return this.settle(
          node,
          { outcome: 'refused', error: { code: 'wait.nothing_to_match', message } },
          null,
        );
      }
      const until = after(this.now, within, this.plan.definition.timezone);
      this.amend({ until: until.toISOString(), input: { event, within } });
    }
    const until = new Date(this.state.step.until!);
    if (until <= this.now) return this.leave(node, step.input, { happened: false }, node.branches.else);
    const sinceEver = node.match !== 'contact' && node.match.sinceEver;
    return { at: 'rest', until, wait: { event, keys, sinceEver } };
  }

  /** Or what has to be asked first. */
  private zoneOf(named = 'contact'): string | StopReason {
    const own = this.plan.definition.timezone;
    if (named === 'contact') return zoneOfContact(this.state.contact, this.now) ?? own;
    if (named !== 'campaign') return named;
    const { outputs, happening, step, accountId } = this.state;
    if (step.zone) return step.zone;
    const issued = Object.values(outputs).findLast(
      (output): output is { campaignId: string } =>
        typeof (output as { campaignId?: unknown } | null)?.campaignId === 'string',
    );
    const campaignId = issued?.campaignId ?? happening.params.campaignId;
    if (typeof campaignId !== 'string' || campaignId.length > 48) return own;
    return { at: 'effect', effect: { kind: 'zone', accountId, campaignId }, input: null };
  }

  private settle(node: Node, answer: Answer, input: unknown, random?: number): StopReason | null {
    if (answer.outcome === 'done' && node.kind === 'delay') {
      this.amend({ zone: String(answer.output.zone) });
      return null;
    }
    const attempts = this.state.step.attempts + (isEffect(node) || node.kind === 'delay' ? 1 : 0);
    this.amend({ attempts, input });
    if (answer.outcome === 'done') return this.leave(node, input, answer.output, node.next);
    const { error } = answer;
    this.amend({ error });
    const again =
      answer.outcome === 'failed' ? retryAt(attempts, this.now, { askedMs: answer.askedMs, random }) : null;
    if (again) return { at: 'rest', until: again, wait: null };
    if (node.goesOn) {
      const output = { outcome: 'refused', reason: error.code, message: error.message };
      return this.leave(node, input, output, node.next, 'skipped');
    }
    this.amend({ refused: answer.outcome === 'refused' });
    return { at: 'failure', error };
  }

  private leave(
    node: Node,
    input: unknown,
    output: unknown,
    next: string | null,
    status: TakenStep['status'] = 'done',
  ): StopReason | null {
    const { step, id } = this.state;
    this.taken.push({
      seq: step.seq,
      path: node.path,
      name: node.name,
      kind: node.kind,
      status,
      attempts: Math.max(1, step.attempts),
      input,
      output,
      error: status === 'skipped' ? step.error : null,
      startedAt: step.startedAt,
      finishedAt: this.now.toISOString(),
    });
    const outputs = { ...this.state.outputs, [outputKeyOf(node)]: output };
    if (next === null) {
      this.state = { ...this.state, outputs };
      return { at: 'end', status: 'completed' };
    }
    const begun = beginStep(this.plan.flow, next, step.seq + 1, id, this.now);
    this.state = { ...this.state, outputs, step: begun };
    return null;
  }

  private amend(change: Partial<CurrentStep>): void {
    this.state = { ...this.state, step: { ...this.state.step, ...change } };
  }

  private scope(): Scope {
    const { happening, contact, outputs } = this.state;
    const { event, key, params } = happening;
    return new Scope({ event, key, params, contact, steps: outputs });
  }
}
