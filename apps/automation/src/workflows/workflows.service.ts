import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import {
  newId,
  type ListWorkflows,
  type ReplyOf,
  type RequestOf,
  type Workflow,
  type WorkflowInput,
  type WorkflowPatch,
} from '@tearoff/contracts';
import { DataSource, EntityManager, In, LessThan } from 'typeorm';
import { Clock, decodeIdCursor, retryOnConflict, toPage } from '@tearoff/service-kit';
import { HttpCaller } from '../outbound/http-caller';
import { cancelRuns } from '../runs/cancel-runs';
import { RunKeyEntity } from '../runs/run.entity';
import { flowOf, type Definition } from './definition';
import { definitionFaults } from './definition.check';
import { loopFaults, type TriggeringWorkflow, type RewardsByCard } from './loops';
import { cardsOf, Owners } from './owners';
import { waitsOf } from './waits.of';
import { workflowInvalid, workflowNotFound } from './workflow.errors';
import { WorkflowEntity } from './workflow.entity';
import { WorkflowVersionEntity } from './workflow-version.entity';

@Injectable()
export class WorkflowsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly owners: Owners,
    private readonly clock: Clock,
    private readonly http: HttpCaller,
  ) {}

  async create(accountId: string, input: WorkflowInput): Promise<Workflow> {
    const { name, trigger, steps, status = 'active', timezone = 'UTC' } = input;
    const definition: Definition = { trigger, steps, timezone };
    await this.refuseFaulty(accountId, definition);
    const rewards = status === 'active' ? await this.rewards(accountId, definition) : noCards;
    const now = this.clock.now();
    const row = {
      id: newId('workflow'),
      accountId,
      name,
      status,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await this.dataSource.transaction(async (tx) => {
      await bumpSubscriptions(tx, accountId);
      if (status === 'active') await refuseLoops(tx, row, definition, rewards);
      await tx.getRepository(WorkflowEntity).insert(row);
      await insertVersion(tx, row, definition);
    });
    return view(row, definition);
  }

  async update(accountId: string, id: string, patch: WorkflowPatch): Promise<Workflow> {
    const before = await this.find(this.dataSource.manager, accountId, id);
    const wanted = await this.definitionOf(before);
    // Asked before the transaction: the others may take their time.
    if (isDefining(patch)) await this.refuseFaulty(accountId, amended(wanted, patch));
    const mayLoop =
      (patch.status ?? before.status) === 'active' && (isDefining(patch) || before.status !== 'active');
    const rewards = mayLoop ? await this.rewards(accountId, amended(wanted, patch)) : noCards;
    return this.dataSource.transaction(async (tx) => {
      await bumpSubscriptions(tx, accountId);
      const row = await this.find(tx, accountId, id);
      const current = await this.definitionOf(row, tx);
      const definition = amended(current, patch);
      const changed = !isDeepStrictEqual(definition, current);
      const { name = row.name, status = row.status } = patch;
      const begins = row.status !== 'active';
      Object.assign(row, {
        name,
        status,
        version: row.version + (changed ? 1 : 0),
        updatedAt: this.clock.now(),
      });
      if (status === 'active' && (changed || begins)) await refuseLoops(tx, row, definition, rewards);
      await tx.getRepository(WorkflowEntity).save(row);
      if (changed) await insertVersion(tx, row, definition);
      return view(row, definition);
    });
  }

  /** Its versions stay while runs of it are kept. */
  remove(accountId: string, id: string): Promise<void> {
    return retryOnConflict(() =>
      this.dataSource.transaction(async (tx) => {
        await bumpSubscriptions(tx, accountId);
        const { affected } = await tx.getRepository(WorkflowEntity).delete({ id, accountId });
        if (!affected) throw workflowNotFound();
        // Afterwards: anyone who was starting some held the row until they were there.
        await cancelRuns(tx, id, this.clock.now());
        await tx.getRepository(RunKeyEntity).delete({ workflowId: id });
      }),
    );
  }

  async get(accountId: string, id: string): Promise<Workflow> {
    const row = await this.find(this.dataSource.manager, accountId, id);
    return view(row, await this.definitionOf(row));
  }

  async list(request: RequestOf<typeof ListWorkflows>): Promise<ReplyOf<typeof ListWorkflows>> {
    const { accountId, status, cursor, limit = 50 } = request;
    const before = decodeIdCursor(cursor, 'workflow');
    const rows = await this.dataSource.getRepository(WorkflowEntity).find({
      where: { accountId, ...(status && { status }), ...(before && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const versions = await this.dataSource
      .getRepository(WorkflowVersionEntity)
      .findBy({ workflowId: In(rows.map(({ id }) => id)) });
    const definitions = new Map(versions.map((row) => [`${row.workflowId} ${row.version}`, row.definition]));
    return toPage(rows, limit, (row) => view(row, definitions.get(`${row.id} ${row.version}`)!));
  }

  private async find(manager: EntityManager, accountId: string, id: string): Promise<WorkflowEntity> {
    const row = await manager.getRepository(WorkflowEntity).findOneBy({ id, accountId });
    if (!row) throw workflowNotFound();
    return row;
  }

  private async definitionOf(
    { id: workflowId, version }: WorkflowEntity,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Definition> {
    const row = await manager.getRepository(WorkflowVersionEntity).findOneByOrFail({ workflowId, version });
    return row.definition;
  }

  /** Of the cards that this one and the active others name: asked before the transaction, for it may take its time. */
  private async rewards(accountId: string, definition: Definition): Promise<RewardsByCard> {
    const others = await activeOnes(this.dataSource.manager, accountId);
    const cards = [definition, ...others.map((other) => other.definition)].flatMap(cardsOf);
    return this.owners.rewards(accountId, [...new Set(cards)]);
  }

  private async refuseFaulty(accountId: string, definition: Definition): Promise<void> {
    const faults = definitionFaults(definition, (url) => this.http.faultOf(url));
    if (faults.length > 0) throw workflowInvalid(faults);
    const unknown = await this.owners.faults(accountId, definition);
    if (unknown.length > 0) throw workflowInvalid(unknown);
  }
}

const noCards: RewardsByCard = new Map();

const isDefining = ({ trigger, steps, timezone }: WorkflowPatch): boolean =>
  trigger !== undefined || steps !== undefined || timezone !== undefined;

const amended = (
  definition: Definition,
  { trigger = definition.trigger, steps = definition.steps, timezone = definition.timezone }: WorkflowPatch,
): Definition => ({ trigger, steps, timezone });

/** Has every instance read this account's workflows anew; and keeps two saves from making a loop between them. */
async function bumpSubscriptions(tx: EntityManager, accountId: string): Promise<void> {
  await tx.query(
    `insert into listening (account_id, version) values ($1, 1)
     on conflict (account_id) do update set version = listening.version + 1`,
    [accountId],
  );
}

const activeOnes = (manager: EntityManager, accountId: string): Promise<TriggeringWorkflow[]> =>
  manager.query(
    `select w.id, w.name, v.definition
     from workflow w join workflow_version v on v.workflow_id = w.id and v.version = w.version
     where w.account_id = $1 and w.status = 'active'`,
    [accountId],
  );

async function refuseLoops(
  tx: EntityManager,
  { id, accountId, name }: Pick<WorkflowEntity, 'id' | 'accountId' | 'name'>,
  definition: Definition,
  rewards: RewardsByCard,
): Promise<void> {
  const others = (await activeOnes(tx, accountId)).filter((other) => other.id !== id);
  const faults = loopFaults({ id, name, definition }, others, rewards);
  if (faults.length > 0) throw workflowInvalid(faults);
}

async function insertVersion(
  tx: EntityManager,
  { id: workflowId, accountId, version, updatedAt }: WorkflowEntity,
  definition: Definition,
): Promise<void> {
  await tx.getRepository(WorkflowVersionEntity).insert({
    workflowId,
    accountId,
    version,
    definition: definition as never,
    waits: waitsOf(flowOf(definition)),
    createdAt: updatedAt,
  });
}

const view = (
  { id, accountId, name, status, version, createdAt, updatedAt }: WorkflowEntity,
  { trigger, steps, timezone }: Definition,
): Workflow => ({
  id,
  accountId,
  name,
  status,
  timezone,
  trigger,
  steps,
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
