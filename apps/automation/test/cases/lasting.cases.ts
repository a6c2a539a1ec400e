import { IssueCoupon, SendMessages, UpdateWorkflow, type RequestOf } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { eventually } from '@tearoff/testing';
import { RunStore } from '../../src/runs/run.store';
import { RunSweeper } from '../../src/runs/sweeper';
import { Waits } from '../../src/waits/waits';
import type { Scene } from '../scene';

const hour = 3_600_000;
const day = 24 * hour;

/** What outlives versions, instances, lost work and crowds. */
export function lastingCases(scene: Scene): void {
  it('a run under way finishes on its version, also while its workflow is paused', async () => {
    const { world } = scene;
    const { accountId } = world;
    const workflow = await world.workflow({
      trigger: { event: 'versions', repeat: 'every' },
      steps: [{ delay: { for: 'PT1H' } }, { stop: { reason: 'first' } }],
    });
    await world.happen('versions');
    await world.run(workflow, 'waiting');
    const steps = [{ stop: { reason: 'second' } }];
    const change = (patch: RequestOf<typeof UpdateWorkflow>['patch']) =>
      world.ask(UpdateWorkflow, { accountId, workflowId: workflow.id, patch });
    expect(await change({ steps })).toMatchObject({ version: 2 });
    await world.happen('versions');
    await eventually(async () =>
      expect((await world.runs(workflow)).map(({ status }) => status)).toEqual(['waiting', 'stopped']),
    );
    expect(await change({ status: 'paused' })).toMatchObject({ version: 2, status: 'paused', steps });
    await world.happen('versions');
    await world.pass(hour + 1_000);
    await eventually(async () => {
      const runs = await world.runs(workflow);
      expect(runs.map(({ version, steps: taken }) => [version, taken.at(-1)!.output])).toEqual([
        [1, { reason: 'first' }],
        [2, { reason: 'second' }],
      ]);
    });
  });

  it('a wait of ninety days outlives every instance, and is not cut short', async () => {
    const { world } = scene;
    const workflow = await world.workflow({
      trigger: { event: 'long' },
      steps: [{ delay: { for: 'P90D' } }, { stop: {} }],
    });
    world.clock.is('2031-01-01T12:00:00Z');
    await world.happen('long');
    expect((await world.run(workflow, 'waiting')).dueAt).toBe('2031-04-01T12:00:00.000Z');
    await Promise.all(world.services.splice(0).map((service) => service.stop()));
    await world.pass(89 * day);
    world.services.push(await world.launch(), await world.launch());
    expect(await world.run(workflow, 'waiting')).toMatchObject({
      steps: [{ kind: 'delay', status: 'waiting' }],
    });
    await world.pass(day + 1_000);
    await world.run(workflow, 'stopped');
  });

  it('a run whose work item is gone is found again', async () => {
    const { world } = scene;
    const workflow = await world.workflow({
      trigger: { event: 'gone' },
      steps: [{ delay: { for: 'PT1H' } }, { stop: {} }],
    });
    await world.happen('gone');
    await world.run(workflow, 'waiting');
    await world.dataSource.query(`delete from outbox where available_at > now()`);
    await world.pass(2 * hour);
    const outbox = new Outbox(world.dataSource);
    const store = new RunStore(world.dataSource, outbox, new Waits(world.clock), world.clock);
    await new RunSweeper(outbox, store, world.clock).sweep();
    await world.run(workflow, 'stopped');
  });

  it('thousands that fall due at once hold up nobody who has just begun, and each is taken once', async () => {
    const { world, campaignId } = scene;
    const { owners, accountId } = world;
    const backlog = owners.campaign(accountId);
    const count = 2_000;
    const delayed = await world.workflow({
      trigger: { event: 'crowd', repeat: 'every' },
      steps: [{ delay: { for: 'PT1H' } }, { issueCoupon: { campaignId: backlog } }],
    });
    const fresh = await world.workflow({
      trigger: { event: 'fresh' },
      steps: [{ issueCoupon: { campaignId } }],
    });
    for (let from = 0; from < count; from += 500)
      await world.happen('crowd', ...Array.from({ length: 500 }, () => ({})));
    const inState = async (status: string): Promise<number> => {
      const [{ n }] = (await world.dataSource.query(
        `select count(*)::int as n from run where workflow_id = $1 and
           case $2 when 'waiting' then status = 'active' and due_at > $3 else status = $2 end`,
        [delayed.id, status, world.clock.now()],
      )) as { n: number }[];
      return n;
    };
    await eventually(async () => expect(await inState('waiting')).toBe(count), { timeoutMs: 20_000 });
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let held = false;
    owners.before = async (name, requests) => {
      const isBacklog = (requests as { campaignId?: string }[]).some(
        (request) => request.campaignId === backlog,
      );
      if (name !== IssueCoupon.name || !isBacklog) return;
      held = true;
      await gate;
    };
    try {
      await world.pass(hour + 1_000);
      await eventually(() => held);
      await world.happen('fresh');
      await world.run(fresh, 'completed');
      expect(await inState('completed')).toBe(0);
    } finally {
      open();
    }
    await eventually(async () => expect(await inState('completed')).toBe(count), { timeoutMs: 20_000 });
    const given = [...owners.coupons.values()].filter((coupon) => coupon.campaignId === backlog);
    expect(given).toHaveLength(count);
  });

  it('asks in one message for what many runs need at once', async () => {
    const { world, templateId } = scene;
    const workflow = await world.workflow({
      trigger: { event: 'batch' },
      steps: [{ sendMessage: { templateId } }],
    });
    let messages = 0;
    world.owners.before = (name) => void (messages += name === SendMessages.name ? 1 : 0);
    await world.happen('batch', ...Array.from({ length: 100 }, () => ({})));
    await eventually(async () => {
      const runs = await world.runs(workflow);
      expect(runs.filter(({ status }) => status === 'completed')).toHaveLength(100);
    });
    expect(messages).toBeLessThanOrEqual(4);
  });
}
