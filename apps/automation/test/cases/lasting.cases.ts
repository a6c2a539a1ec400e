import { IssueCoupon, SendMessages, UpdateWorkflow, type RequestOf } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { eventually, TestClock } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import type { RunState } from '../../src/runs/run';
import { RunStore } from '../../src/runs/run.store';
import { RunSweeper } from '../../src/runs/sweeper';
import type { StepBatch } from '../../src/runs/walk';
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

  it('a step that two instances took is kept once, by the one that kept it first', async () => {
    const { world } = scene;
    const workflow = await world.workflow({
      trigger: { event: 'overtaken' },
      steps: [{ delay: { for: 'PT1H' } }, { stop: {} }],
    });
    await world.happen('overtaken');
    const { id } = await world.run(workflow, 'waiting');
    // By this clock it is due, and by those of the instances that run it is not.
    const clock = new TestClock();
    clock.is(new Date(Date.now() + 2 * hour).toISOString());
    const store = new RunStore(world.dataSource, new Outbox(world.dataSource), new Waits(clock), clock);
    const [[first], [second]] = [await store.due([id]), await store.due([id])];
    const stepBatch = (state: RunState, by: string): StepBatch => ({
      state: { ...state, outputs: { by } },
      taken: [],
      stopReason: { at: 'rest', until: new Date(Date.now() + 3 * hour), wait: null },
    });
    const kept = await store.keep([stepBatch(first, 'first')]);
    expect(kept.map(({ state }) => state.turn)).toEqual([first.turn + 1]);
    expect(await store.keep([stepBatch(second, 'second')])).toEqual([]);
    const rows = await world.dataSource.query('select turn, outputs from run where id = $1', [id]);
    expect(rows).toEqual([{ turn: first.turn + 1, outputs: { by: 'first' } }]);
  });

  it('ten thousand that fall due in one second hold up no one who has just begun, and each is taken once', async () => {
    const { world, campaignId } = scene;
    const { owners, accountId, dataSource } = world;
    const backlog = owners.campaign(accountId);
    const count = 10_000;
    const delayed = await world.workflow({
      trigger: { event: 'crowd', repeat: 'every' },
      steps: [{ delay: { for: 'PT1H' } }, { issueCoupon: { campaignId: backlog } }],
    });
    const fresh = await world.workflow({
      trigger: { event: 'fresh' },
      steps: [{ issueCoupon: { campaignId } }],
    });
    await world.happen('crowd');
    await multiply(dataSource, await world.run(delayed, 'waiting'), count);
    const completed = async (): Promise<number> => {
      const [{ n }] = await dataSource.query<{ n: number }[]>(
        `select count(*)::int as n from run where workflow_id = $1 and status = 'completed'`,
        [delayed.id],
      );
      return n;
    };
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const asked: string[] = [];
    const inFlight = { now: 0, most: 0 };
    const ofBacklog = (name: string, requests: readonly unknown[]): RequestOf<typeof IssueCoupon>[] =>
      name === IssueCoupon.name
        ? (requests as RequestOf<typeof IssueCoupon>[]).filter((request) => request.campaignId === backlog)
        : [];
    owners.before = async (name, requests) => {
      const own = ofBacklog(name, requests);
      asked.push(...own.map(({ couponId }) => couponId!));
      inFlight.now += own.length;
      inFlight.most = Math.max(inFlight.most, inFlight.now);
      if (own.length > 0) await gate;
    };
    owners.after = (name, requests) => void (inFlight.now -= ofBacklog(name, requests).length);
    try {
      await world.pass(hour + 1_000);
      await eventually(() => asked.length > 0);
      await world.happen('fresh');
      await world.run(fresh, 'completed');
      expect(await completed()).toBe(0);
    } finally {
      open();
    }
    await eventually(async () => expect(await completed()).toBe(count), { timeoutMs: 40_000 });
    expect([asked.length, new Set(asked).size]).toEqual([count, count]);
    // Of two instances, 200 each: what a process holds does not grow with the crowd.
    expect(inFlight.most).toBeLessThanOrEqual(400);
    const given = [...owners.coupons.values()].filter((coupon) => coupon.campaignId === backlog);
    expect(given).toHaveLength(count);
  }, 60_000);

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

/** Has a run that waits wait so many times, all woken in the same second. */
async function multiply(dataSource: DataSource, { id }: { id: string }, count: number): Promise<void> {
  await dataSource.query(
    `with copied as (
       insert into run (id, account_id, workflow_id, version, start_key, status, turn, happening, contact, outputs, step,
                        due_at, woken_at, started_at)
       select id || n, account_id, workflow_id, version, start_key || n, status, turn, happening, contact, outputs, step,
              due_at, woken_at, started_at
       from run cross join generate_series(1, $2::int - 1) as n where id = $1 returning id
     ), grouped as (
       select row_number() over () / 50 as part, id from copied
     ), item as (
       select part, json_agg(json_build_object('runId', id)) as items from grouped group by part
     )
     insert into outbox (id, type, data, queue, attempt, available_at)
     select outbox.id || part, type, json_build_object('items', items), queue, attempt, available_at
     from outbox cross join item where data::text like '%' || $1 || '%'`,
    [id, count],
  );
}
