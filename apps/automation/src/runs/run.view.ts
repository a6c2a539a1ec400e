import type { Run, RunStep } from '@tearoff/contracts';
import type { RunEntity, RunStepEntity } from './run.entity';
import type { Plan } from './walk';

/** Whether a run that is under way rests until `due_at` is a matter of the moment. */
export const statusOf = ({ status, dueAt }: RunEntity, now: Date): Run['status'] => {
  if (status !== 'active') return status;
  return dueAt && dueAt > now ? 'waiting' : 'running';
};

export function runView(row: RunEntity, now: Date): Run {
  const { id, accountId, workflowId, version, happening, contact, startedAt, finishedAt, dueAt, error } = row;
  const status = statusOf(row, now);
  return {
    id,
    accountId,
    workflowId,
    version,
    status,
    contact,
    error,
    event: happening.event,
    key: happening.key,
    params: happening.params,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    dueAt: status === 'waiting' ? dueAt!.toISOString() : null,
  };
}

/** Those behind, and the one it is at. */
export function stepsView(run: RunEntity, taken: readonly RunStepEntity[], plan: Plan, now: Date): RunStep[] {
  const behind = taken.map(
    ({ path, name, kind, status, attempts, input, output, error, startedAt, finishedAt }) => ({
      path,
      name,
      kind,
      status,
      attempts,
      input,
      output,
      error,
      dueAt: null,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
    }),
  );
  if (!run.step) return behind;
  const { path, attempts, startedAt, input, error } = run.step;
  const { name, kind } = plan.flow.nodes.get(path)!;
  const status = statusOf(run, now);
  const stands = status === 'waiting' || status === 'failed' || status === 'cancelled';
  const current: RunStep = {
    path,
    name,
    kind,
    attempts,
    startedAt,
    input,
    error,
    status: stands ? status : 'running',
    finishedAt: run.finishedAt?.toISOString() ?? null,
    dueAt: status === 'waiting' ? run.dueAt!.toISOString() : null,
    output: null,
  };
  return [...behind, current];
}
