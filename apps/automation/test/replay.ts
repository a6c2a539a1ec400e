import type { ContactInput } from '@tearoff/contracts';
import type { RunEvent, RunState, TakenStep } from '../src/runs/run';
import { beginStep, settle, walk, type StopReason, type StepBatch } from '../src/runs/walk';
import type { Answer } from '../src/steps/answer';
import { flowOf, type Definition } from '../src/workflows/definition';

/** What the outside did to a run, in order: it answered an effect, an event came, or time passed. */
interface Turn {
  at: string;
  answer?: Answer;
  happened?: RunEvent;
}

/** A run as it once went. `halts` and `steps` are what it must come to again. */
export interface History {
  about: string;
  definition: Definition;
  happening: RunEvent;
  contact: ContactInput | null;
  startedAt: string;
  turns: Turn[];
  halts: unknown[];
  steps: unknown[];
}

/** Takes the run of a history again, by today's code. */
export function replay(history: History): Pick<History, 'halts' | 'steps'> {
  const { definition, happening, contact, startedAt } = history;
  const plan = { definition, flow: flowOf(definition) };
  const begun = new Date(startedAt);
  const state: RunState = {
    id: 'run_00000000000000000000000000',
    accountId: 'acc_00000000000000000000000000',
    workflowId: 'wfl_00000000000000000000000000',
    version: 1,
    turn: 0,
    happening,
    contact,
    outputs: {},
    context: null,
    step: beginStep(plan.flow, plan.flow.first!, 0, 'run_00000000000000000000000000', begun),
  };
  let stepBatch = walk(plan, state, begun);
  const halts = [haltView(stepBatch)];
  const steps = stepBatch.taken.map(stepView);
  for (const { at, answer, happened } of history.turns) {
    const now = new Date(at);
    if (answer) {
      if (stepBatch.stopReason.at !== 'effect') throw new Error(`at ${at} nothing was asked for`);
      stepBatch = settle(plan, stepBatch.state, {
        answer,
        input: stepBatch.stopReason.input,
        now,
        random: 0.5,
      });
    } else {
      const step = { ...stepBatch.state.step, ...(happened && { answer: happened }) };
      stepBatch = walk(plan, { ...stepBatch.state, step }, now);
    }
    halts.push(haltView(stepBatch));
    steps.push(...stepBatch.taken.map(stepView));
  }
  return JSON.parse(JSON.stringify({ halts, steps })) as Pick<History, 'halts' | 'steps'>;
}

function haltView({ stopReason: halt, state }: StepBatch): unknown {
  const where = halt.at === 'end' ? {} : { path: state.step.path };
  if (halt.at !== 'effect') return { ...where, ...halt };
  const { effect, input } = halt satisfies Extract<StopReason, { at: 'effect' }>;
  return { ...where, at: halt.at, kind: effect.kind, input: withoutIds(input, state) };
}

/** Ids of effects are new each time. */
const withoutIds = (input: unknown, { step }: RunState): unknown =>
  step.effectId === null
    ? input
    : (JSON.parse(JSON.stringify(input).replaceAll(step.effectId, '<id>')) as unknown);

const stepView = ({ path, kind, status, attempts, output, error, finishedAt }: TakenStep): unknown => ({
  path,
  kind,
  status,
  attempts,
  output,
  error,
  finishedAt,
});
