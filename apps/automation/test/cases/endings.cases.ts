/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import {
  DeleteWorkflow,
  GetRun,
  GetWorkflow,
  IssueCoupon,
  ListRuns,
  ListWorkflows,
  newId,
  PersonErased,
  RetryRun,
  UpdateWorkflow,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { RunRetention } from '../../src/runs/run-retention';
import type { Scene } from '../scene';
import { newAccount } from '../world';

const hour = 3_600_000;
const day = 24 * hour;

/** Workflows that are deleted, and runs that are no longer kept. */
export function endingCases(scene: Scene): void {
  const countOf = async (what: string, ...values: unknown[]): Promise<number> => {
    const [{ n }] = await scene.world.dataSource.query<{ n: number }[]>(
      `select count(*)::int as n from ${what}`,
      values,
    );
    return n;
  };

  describe('a deleted workflow', () => {
    const remove = (workflow: { id: string }) =>
      scene.world.ask(DeleteWorkflow, { accountId: scene.world.accountId, workflowId: workflow.id });

    it('is gone, and its runs end where they are: whatever comes, nothing more is sent', async () => {
      const { world, campaignId, templateId } = scene;
      const { owners, accountId } = world;
      const workflow = await world.workflow({
        trigger: { event: 'deleted' },
        steps: [
          { condition: { if: '${params.rest}', then: [{ delay: { for: 'PT1H' } }] } },
          { condition: { if: '${params.wait}', then: [{ waitFor: { event: 'paid', within: 'P1D' } }] } },
          { issueCoupon: { campaignId: '${params.campaignId}' } },
          { sendMessage: { templateId } },
        ],
      });
      const witness = await world.workflow({
        trigger: { event: 'deleted', repeat: 'every' },
        steps: [{ delay: { for: 'PT1H' } }, { stop: {} }],
      });
      let asked = false;
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      owners.after = async (name, requests) => {
        if (name !== IssueCoupon.name || !requests.some((one) => campaignOf(one) === campaignId)) return;
        asked = true;
        await gate;
      };
      await world.happen('deleted', { key: 'failed', params: { campaignId: newId('campaign') } });
      await world.run(workflow, 'failed');
      await world.happen(
        'deleted',
        { key: 'rests', params: { rest: true, campaignId } },
        { key: 'waits', params: { wait: true, campaignId } },
        { key: 'asks', params: { campaignId } },
      );
      const stands = async () =>
        Object.fromEntries((await world.runs(workflow)).map(({ key, status }) => [key, status]));
      await eventually(async () => {
        expect(asked).toBe(true);
        expect(await stands()).toMatchObject({ rests: 'waiting', waits: 'waiting', asks: 'running' });
      });
      const sent = owners.sent.size;

      expect(await remove(workflow)).toEqual({});
      open();
      const named = { accountId, workflowId: workflow.id };
      for (const again of [
        remove(workflow),
        world.ask(GetWorkflow, named),
        world.ask(UpdateWorkflow, { ...named, patch: { name: 'Back' } }),
      ])
        await expect(again).rejects.toMatchObject({ code: 'workflow.not_found' });
      const { data } = await world.ask(ListWorkflows, { accountId, limit: 100 });
      expect(data.map(({ id }) => id)).not.toContain(workflow.id);

      await world.happen('deleted', { key: 'late' });
      await world.happen('paid');
      // All of them at their delay: what has only begun would reckon its hour from the moved clock.
      await eventually(async () =>
        expect((await world.runs(witness)).map(({ status }) => status)).toEqual(
          Array.from({ length: 5 }, () => 'waiting'),
        ),
      );
      await world.pass(2 * hour);
      await eventually(async () =>
        expect((await world.runs(witness)).filter(({ status }) => status === 'stopped')).toHaveLength(5),
      );
      expect(await stands()).toEqual({
        rests: 'cancelled',
        waits: 'cancelled',
        asks: 'cancelled',
        failed: 'failed',
      });
      expect(owners.sent.size).toBe(sent);
      expect(
        await countOf('run_wait where run_id in (select id from run where workflow_id = $1)', workflow.id),
      ).toBe(0);

      const runs = await world.runs(workflow);
      const rested = runs.find(({ key }) => key === 'rests')!;
      expect(rested).toMatchObject({
        dueAt: null,
        finishedAt: expect.any(String),
        steps: [{ status: 'done' }, { kind: 'delay', status: 'cancelled', finishedAt: rested.finishedAt }],
      });
      const { data: cancelled } = await world.ask(ListRuns, { ...named, status: 'cancelled' });
      expect(cancelled).toHaveLength(3);
      const failed = { ...named, runId: runs.find(({ key }) => key === 'failed')!.id };
      await expect(world.ask(RetryRun, failed)).rejects.toMatchObject({ code: 'workflow.not_found' });
      expect(await world.ask(GetRun, failed)).toMatchObject({ status: 'failed' });
    });

    it('leaves no run behind that an event was just starting', async () => {
      const { world } = scene;
      const steps = [{ delay: { for: 'PT1H' } }];
      const workflows = await Promise.all(
        [1, 2, 3, 4].map(() => world.workflow({ trigger: { event: 'raced', repeat: 'every' }, steps })),
      );
      const witness = await world.workflow({ trigger: { event: 'raced', repeat: 'every' }, steps });
      await Promise.all([
        ...Array.from({ length: 30 }, () => world.happen('raced')),
        ...workflows.map((workflow) => remove(workflow)),
      ]);
      await eventually(async () => expect(await world.runs(witness)).toHaveLength(30));
      const left = `run where status = 'active' and workflow_id = any($1)`;
      expect(
        await countOf(
          left,
          workflows.map(({ id }) => id),
        ),
      ).toBe(0);
    });

    it('is another account’s to no one else', async () => {
      const { world } = scene;
      const { id: workflowId } = await world.workflow({ steps: [{ stop: {} }] });
      const asked = world.ask(DeleteWorkflow, { accountId: newAccount(), workflowId });
      await expect(asked).rejects.toMatchObject({ code: 'workflow.not_found' });
      expect(await world.ask(GetWorkflow, { accountId: world.accountId, workflowId })).toMatchObject({
        id: workflowId,
      });
    });
  });

  describe('a run that ended long ago', () => {
    const keptDays = 400;
    /** By two instances at once. */
    const sweepAfter = async (days: number): Promise<void> => {
      const { dataSource } = scene.world;
      const sweep = () => new RunRetention(dataSource, keptDays).sweep(Date.now() + days * day);
      await Promise.all([sweep(), sweep()]);
    };

    it('is kept no longer than told, with its steps; what rests or is under way stays', async () => {
      const { world } = scene;
      const { accountId } = world;
      const steps = [{ condition: { if: '${params.rest}', then: [{ delay: { for: 'PT1H' } }] } }];
      const workflow = await world.workflow({ trigger: { event: 'old', repeat: 'every' }, steps });
      const deleted = await world.workflow({ trigger: { event: 'old', repeat: 'every' }, steps });
      const failing = await world.workflow({
        trigger: { event: 'old' },
        steps: [{ issueCoupon: { campaignId: '${params.none}' } }],
      });
      await world.happen('old', { key: 'ended' }, { key: 'rests', params: { rest: true } });
      await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status }) => status).sort()).toEqual(['completed', 'waiting']);
        expect((await world.runs(failing)).map(({ status }) => status)).toEqual(['failed', 'failed']);
        expect(await world.runs(deleted)).toHaveLength(2);
      });
      await world.ask(DeleteWorkflow, { accountId, workflowId: deleted.id });
      await world.dataSource.query(
        `insert into run (id, account_id, workflow_id, version, start_key, status, happening, woken_at, started_at, finished_at)
         select id || n, account_id, workflow_id, version, 'every ' || n, status, happening, woken_at, started_at, finished_at
         from run cross join generate_series(1, 2500) as n where workflow_id = $1 and status = 'completed'`,
        [workflow.id],
      );
      await sweepAfter(keptDays - 1);
      expect(await countOf('run where workflow_id = $1', workflow.id)).toBe(2_502);
      expect([(await world.runs(failing)).length, (await world.runs(deleted)).length]).toEqual([2, 2]);
      await sweepAfter(keptDays + 1);
      expect((await world.runs(workflow)).map(({ key }) => key)).toEqual(['rests']);
      expect(await world.runs(failing)).toEqual([]);
      await expect(world.runs(deleted)).rejects.toMatchObject({ code: 'workflow.not_found' });
      expect(await countOf('run_step where run_id not in (select id from run)')).toBe(0);
      expect(await countOf('workflow_version where workflow_id = $1', deleted.id)).toBe(0);
      expect(await countOf('run_key where workflow_id = any($1)', [workflow.id, deleted.id])).toBe(0);
    });

    it('is the only one of its key for good, until the person is forgotten whose name that is', async () => {
      const { world } = scene;
      const workflow = await world.workflow({ trigger: { event: 'welcome' }, steps: [{ stop: {} }] });
      const witness = await world.workflow({
        trigger: { event: 'welcome', repeat: 'every' },
        steps: [{ stop: {} }],
      });
      const email = 'once@example.com';
      await world.happen('welcome', { key: email, contact: { email } }, { key: 'order 1' });
      await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status }) => status)).toEqual(['stopped', 'stopped']);
      });
      await sweepAfter(keptDays + 1);
      expect(await world.runs(workflow)).toEqual([]);

      const again = [{ key: email }, { key: 'order 1' }, { key: 'order 2' }];
      await world.happen('welcome', ...again);
      await eventually(async () => expect(await world.runs(witness)).toHaveLength(3));
      await eventually(async () =>
        expect((await world.runs(workflow)).map(({ key }) => key)).toEqual(['order 2']),
      );
      const other = newAccount();
      await world.dataSource.query(
        `insert into sighting (account_id, event, match_key, touched_at)
         select account_id, 'welcome', match_key, now()
         from unnest($1::text[]) as account_id, unnest($2::text[]) as match_key`,
        [
          [world.accountId, other],
          [email, 'another'],
        ],
      );
      await world.tell(PersonErased, [
        {
          erasureId: newId('erasure'),
          accountId: world.accountId,
          person: { email },
          at: new Date().toISOString(),
        },
      ]);
      await eventually(async () =>
        expect(await countOf('run_key where start_key = $1', `once ${email}`)).toBe(0),
      );
      const sightings = (accountId: string, key: string) =>
        countOf(`sighting where account_id = $1 and event = 'welcome' and match_key = $2`, accountId, key);
      expect(await Promise.all([sightings(world.accountId, email), sightings(other, email)])).toEqual([0, 1]);
      expect(await sightings(world.accountId, 'another')).toBe(1);
      await world.happen('welcome', ...again);
      await eventually(async () =>
        expect((await world.runs(workflow)).map(({ key }) => key).sort()).toEqual([email, 'order 2']),
      );
      await world.ask(DeleteWorkflow, { accountId: world.accountId, workflowId: workflow.id });
      expect(await countOf('run_key where workflow_id = $1', workflow.id)).toBe(0);
    });
  });
}

const campaignOf = (request: unknown): unknown => (request as { campaignId?: unknown }).campaignId;
