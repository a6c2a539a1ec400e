import { Injectable } from '@nestjs/common';
import {
  conflict,
  newId,
  notFound,
  type DomainError,
  type GetRun,
  type ListRuns,
  type ReplyOf,
  type RequestOf,
  type RunWithSteps,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import {
  DataSource,
  EntityManager,
  IsNull,
  LessThan,
  LessThanOrEqual,
  MoreThan,
  Or,
  type FindOptionsWhere,
} from 'typeorm';
import { Clock, decodeIdCursor, toPage } from '@tearoff/service-kit';
import { Plans } from '../workflows/plans';
import { workflowNotFound } from '../workflows/workflow.errors';
import { WorkflowVersionEntity } from '../workflows/workflow-version.entity';
import type { CurrentStep } from './run';
import { RunEntity, RunStepEntity } from './run.entity';
import { queues, RunStore } from './run.store';
import { runView, stepsView } from './run.view';

type Named = RequestOf<typeof GetRun>;

@Injectable()
export class RunsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly plans: Plans,
    private readonly store: RunStore,
    private readonly clock: Clock,
  ) {}

  async list(request: RequestOf<typeof ListRuns>): Promise<ReplyOf<typeof ListRuns>> {
    const { accountId, workflowId, status, cursor, limit = 50 } = request;
    const before = decodeIdCursor(cursor, 'run');
    const versions = this.dataSource.getRepository(WorkflowVersionEntity);
    if (!(await versions.existsBy({ workflowId, accountId }))) throw workflowNotFound();
    const now = this.clock.now();
    const rows = await this.dataSource.getRepository(RunEntity).find({
      where: { workflowId, ...(before && { id: LessThan(before) }), ...whereStatus(status, now) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, (row) => runView(row, now));
  }

  get(named: Named): Promise<RunWithSteps> {
    return this.read(this.dataSource.manager, named);
  }

  /** Takes up the step that failed. */
  async retry(named: Named): Promise<RunWithSteps> {
    return this.outbox.transaction(async (tx) => {
      const row = await find(tx, named, true);
      if (!(await stands(tx, row.workflowId))) throw workflowNotFound();
      if (row.status !== 'failed') throw conflict('run.not_failed', 'Only a run that failed can be retried.');
      const now = this.clock.now();
      await tx.getRepository(RunEntity).update(row.id, {
        status: 'active',
        error: null,
        dueAt: now,
        wokenAt: now,
        turn: row.turn + 1,
        step: (await this.again(tx, row.step!, row)) as object,
      });
      await this.store.wake(tx, [row], queues.fresh);
      return this.read(tx, named);
    });
  }

  /** The same effect as before, whose outcome may be unknown; another one where that was refused. */
  private async again(tx: Transaction, step: CurrentStep, row: RunEntity): Promise<CurrentStep> {
    const { nodes } = (await this.plans.of([row], tx))(row).flow;
    const kinds = { issueCoupon: 'coupon', sendMessage: 'delivery' } as const;
    const { kind } = nodes.get(step.path)!;
    const renewed = step.refused && kind in kinds;
    const effectId = renewed ? newId(kinds[kind as keyof typeof kinds]) : step.effectId;
    return { ...step, effectId, attempts: 0, error: null, refused: false };
  }

  private async read(manager: EntityManager, named: Named): Promise<RunWithSteps> {
    const row = await find(manager, named);
    const taken = await manager
      .getRepository(RunStepEntity)
      .find({ where: { runId: row.id }, order: { seq: 'ASC' } });
    const planOf = await this.plans.of([row], manager);
    const now = this.clock.now();
    return { ...runView(row, now), steps: stepsView(row, taken, planOf(row), now) };
  }
}

async function find(
  manager: EntityManager | Transaction,
  { accountId, workflowId, runId: id }: Named,
  locked = false,
): Promise<RunEntity> {
  const row = await manager.getRepository(RunEntity).findOne({
    where: { id, accountId, workflowId },
    ...(locked && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!row) throw runNotFound();
  return row;
}

/** Whether its workflow is there, and stays until this commits. */
async function stands(tx: Transaction, workflowId: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>(`select from workflow where id = $1 for key share`, [workflowId]);
  return rows.length > 0;
}

const runNotFound = (): DomainError => notFound('run.not_found', 'There is no such run.');

function whereStatus(status: RequestOf<typeof ListRuns>['status'], now: Date): FindOptionsWhere<RunEntity> {
  if (status === 'waiting') return { status: 'active', dueAt: MoreThan(now) };
  if (status === 'running') return { status: 'active', dueAt: Or(LessThanOrEqual(now), IsNull()) };
  return status ? { status } : {};
}
