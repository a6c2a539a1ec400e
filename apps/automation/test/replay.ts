import type { ContactInput } from '@tearoff/contracts';
import type { RunHappening, RunState, TakenStep } from '../src/runs/run';
import { beginStep, settle, walk, type Halt, type Stretch } from '../src/runs/walk';
import type { Answer } from '../src/steps/answer';
import { flowOf, type Definition } from '../src/workflows/definition';

/** What the outside did to a run, in order: it answered an effect, an event came, or time passed. */
interface Turn {
  at: string;
  answer?: Answer;
  happened?: RunHappening;
}

/** A run as it once went. `halts` and `steps` are what it must come to again. */
export interface History {
  about: string;
  definition: Definition;
  happening: RunHappening;
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
  let stretch = walk(plan, state, begun);
  const halts = [haltView(stretch)];
  const steps = stretch.taken.map(stepView);
  for (const { at, answer, happened } of history.turns) {
    const now = new Date(at);
    if (answer) {
      if (stretch.halt.at !== 'effect') throw new Error(`at ${at} nothing was asked for`);
      stretch = settle(plan, stretch.state, { answer, input: stretch.halt.input, now, random: 0.5 });
    } else {
      const step = { ...stretch.state.step, ...(happened && { answer: happened }) };
      stretch = walk(plan, { ...stretch.state, step }, now);
    }
    halts.push(haltView(stretch));
    steps.push(...stretch.taken.map(stepView));
  }
  return JSON.parse(JSON.stringify({ halts, steps })) as Pick<History, 'halts' | 'steps'>;
}

function haltView({ halt, state }: Stretch): unknown {
  const where = halt.at === 'end' ? {} : { path: state.step.path };
  if (halt.at !== 'effect') return { ...where, ...halt };
  const { effect, input } = halt satisfies Extract<Halt, { at: 'effect' }>;
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
