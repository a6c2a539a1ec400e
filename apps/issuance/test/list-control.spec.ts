import { AppendRecipients, ControlJob, FinishDistribution, GetJob, type Job } from '@tearoff/contracts';
import { eventually, times } from '@tearoff/testing';
import { distribute, person, refusalsOf, send } from './lists';
import { World } from './world';

const people = 6_000;

describe('a list that is stopped on its way', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ instances: 2 });
  });
  afterAll(() => world?.stop());

  const control = (job: Job, action: 'pause' | 'resume' | 'cancel') =>
    world.ask(ControlJob, { accountId: world.accountId, jobId: job.id, action });
  const progress = (job: Job) => world.ask(GetJob, { accountId: world.accountId, jobId: job.id });
  const underWay = (job: Job) =>
    eventually(async () => {
      const { done } = await progress(job);
      return done > 0 && done < people;
    });
  const coupons = ({ id }: { id: string }) => world.count('coupon', `campaign_id = '${id}'`);
  const oneEach = async (campaign: { id: string }) => {
    const [row] = (await world.dataSource.query(
      `select count(*)::int as coupons, count(distinct recipient->>'externalId')::int as people
       from coupon where campaign_id = $1`,
      [campaign.id],
    )) as unknown[];
    expect(row).toEqual({ coupons: people, people });
    expect(await world.counts(campaign)).toMatchObject({ issued: people });
  };

  it('by the end of its processes goes on in another, and everyone has one coupon', async () => {
    const campaign = await world.campaign({ limits: { total: people } });
    const job = await send(world, campaign, times(people, person));
    await underWay(job);
    for (const service of world.services.splice(0)) await service.stop();
    const before = await coupons(campaign);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(people);
    const [row] = (await world.dataSource.query(`select done from job where id = $1`, [job.id])) as unknown[];
    expect(row).toEqual({ done: before });
    expect(await world.count('list_row', `job_id = '${job.id}'`)).toBe(people - before);
    // As a process leaves it that was killed, once its lease has run out.
    await world.dataSource.query(
      `update job set worker = 'gone', lease_until = now() - interval '1 second' where id = $1`,
      [job.id],
    );
    world.services.push(...(await Promise.all([world.startInstance(), world.startInstance()])));
    expect(await world.finished(job)).toMatchObject({
      status: 'done',
      done: people,
      failed: 0,
      total: people,
    });
    await oneEach(campaign);
  });

  it('by a connection that breaks again and again counts no one twice', async () => {
    const campaign = await world.campaign();
    const job = await send(world, campaign, times(people, person));
    for (let round = 0; round < 3; round++) {
      const { done } = await progress(job);
      await eventually(async () => (await progress(job)).done > done || (await progress(job)).finishedAt);
      await world.dataSource.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query ilike '%list%'`,
      );
      // The lease of a worker whose connection broke would run for half a minute.
      await world.dataSource.query(
        `update job set lease_until = now() - interval '1 second' where id = $1 and finished_at is null`,
        [job.id],
      );
    }
    expect(await world.finished(job)).toMatchObject({ status: 'done', done: people, failed: 0 });
    await oneEach(campaign);
  });

  it('by its owner keeps what is served, and goes on when they say so', async () => {
    const campaign = await world.campaign();
    const job = await send(world, campaign, times(people, person));
    await underWay(job);
    const paused = await control(job, 'pause');
    expect(paused).toMatchObject({ status: 'paused', finishedAt: null });
    expect(await coupons(campaign)).toBe(paused.done);
    expect(await control(job, 'pause')).toEqual(paused);
    // Another list is not held up, nor does its worker take this one up.
    const other = await distribute(world, await world.campaign(), times(500, person));
    expect(other).toMatchObject({ status: 'done', done: 500 });
    expect(await progress(job)).toEqual(paused);
    expect(await control(job, 'resume')).toMatchObject({ status: 'queued' });
    await control(job, 'resume');
    expect(await world.finished(job)).toMatchObject({ status: 'done', done: people });
    await oneEach(campaign);
    await expect(control(job, 'cancel')).rejects.toMatchObject({ code: 'job.finished', kind: 'conflict' });
  });

  it('for good keeps what is served and forgets the rest', async () => {
    const campaign = await world.campaign();
    const job = await send(world, campaign, times(people, person));
    await underWay(job);
    const cancelled = await control(job, 'cancel');
    expect(cancelled).toMatchObject({ status: 'cancelled', finishedAt: expect.any(String) });
    expect(await coupons(campaign)).toBe(cancelled.done);
    expect(await control(job, 'cancel')).toEqual(cancelled);
    await expect(control(job, 'resume')).rejects.toMatchObject({ code: 'job.finished' });
    await eventually(async () => (await world.count('list_row', `job_id = '${job.id}'`)) === 0);
    expect(await progress(job)).toEqual(cancelled);
  });

  it('by its campaign waits, saying why; of one that has ended the rest is refused', async () => {
    const campaign = await world.campaign();
    const job = await send(world, campaign, times(people, person));
    await underWay(job);
    await world.change(campaign, { status: 'paused' });
    await eventually(async () => (await progress(job)).status === 'paused');
    expect(await progress(job)).toMatchObject({ note: 'The campaign is not active.', finishedAt: null });
    await world.change(campaign, { status: 'ended' });
    expect(await control(job, 'resume')).toMatchObject({ note: null });
    const ended = await world.finished(job);
    expect(ended.done + ended.failed).toBe(people);
    expect(await coupons(campaign)).toBe(ended.done);
    expect((await refusalsOf(world, job))[0][1]).toBe('campaign.ended');
  });

  it('before it was sent whole is served neither then nor later', async () => {
    const campaign = await world.campaign();
    const job = await send(world, campaign, [person(1)], { finish: false });
    await control(job, 'cancel');
    const { accountId } = world;
    const more = { accountId, jobId: job.id, chunk: 1, rows: [{ line: 2, ...person(2) }] };
    await expect(world.ask(AppendRecipients, more)).rejects.toMatchObject({ code: 'distribution.closed' });
    expect(await world.ask(FinishDistribution, { accountId, jobId: job.id })).toMatchObject({
      status: 'cancelled',
    });
    expect(await coupons(campaign)).toBe(0);
  });

  it('cannot be told so by strangers, and a stack cannot be stopped at all', async () => {
    const campaign = await world.campaign();
    const job = await distribute(world, campaign, [person(1)]);
    const stranger = { accountId: job.accountId.replace(/.$/, 'x'), jobId: job.id };
    await expect(world.ask(ControlJob, { ...stranger, action: 'pause' })).rejects.toMatchObject({
      code: 'job.not_found',
    });
    await world.dataSource.query(`update job set kind = 'codes.generate' where id = $1`, [job.id]);
    await expect(control(job, 'pause')).rejects.toMatchObject({ code: 'job.not_controllable' });
  });
});

describe('a large list', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  it('lets a small one have its turn in the same process', async () => {
    const large = await send(world, await world.campaign(), times(40_000, person));
    const small = await distribute(world, await world.campaign(), times(300, person));
    expect(small).toMatchObject({ status: 'done', done: 300 });
    const { accountId } = world;
    const job = await world.ask(ControlJob, { accountId, jobId: large.id, action: 'cancel' });
    expect(job).toMatchObject({ status: 'cancelled' });
    expect(job.done).toBeGreaterThan(0);
    expect(job.done).toBeLessThan(40_000);
  });
});
