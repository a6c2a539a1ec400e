import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import { messagingEntities } from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { entities } from '../src/entities';
import { migrations } from '../src/migrations/migrations';
import { Pace } from '../src/pacing/pace';

describe('the pace of a provider', () => {
  let database: TestDatabase;
  let workers: DataSource[];

  beforeAll(async () => {
    database = await createTestDatabase();
    const open = () =>
      openDatabase({
        service: 'notification',
        url: database.url,
        entities: [...messagingEntities, ...entities],
        migrations,
        poolSize: 3,
      });
    workers = [await open(), await open()];
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.destroy()));
    await database.drop();
  });
  beforeEach(() => fill(0));

  /** The bucket as it was that long ago, holding so many tokens. */
  const fill = (tokens: number, agoMs = 0) =>
    workers[0].query(
      `update pace set tokens = $1, filled_at = clock_timestamp() - $2::float8 * interval '1 millisecond',
                       paused_until = null, singles_until = null, singles_planned = null, lists_planned = null`,
      [tokens, agoMs],
    );
  /** A bucket in which time stands still, however long the test takes: no take fills it. */
  const fillForGood = (tokens: number) => fill(tokens, -3_600_000);
  /** As if that time had gone by. */
  const pass = (ms: number) =>
    workers[0].query(
      `update pace set filled_at = filled_at - $1::float8 * interval '1 millisecond',
                       paused_until = paused_until - $1::float8 * interval '1 millisecond'`,
      [ms],
    );
  const paceOf = (rate: number) => workers.map((worker) => new Pace(worker, 'sms', rate));

  it('grants to all workers together no more than the rate and half a second’s worth', async () => {
    await fill(0, 60_000);
    const begun = performance.now();
    let granted = 0;
    await Promise.all(
      paceOf(200).map(async (pace) => {
        for (let asked = 0; asked < 100; asked++) {
          const grant = await pace.take('single', 50);
          granted += grant.granted;
        }
      }),
    );
    const seconds = (performance.now() - begun) / 1_000;
    expect(granted).toBeGreaterThanOrEqual(100);
    expect(granted).toBeLessThanOrEqual(100 + 200 * seconds);
  });

  it('says when more can be had', async () => {
    const [pace] = paceOf(10);
    await fillForGood(0);
    const refused = await pace.take('single', 5);
    expect(refused).toEqual({ granted: 0, waitMs: 100 });
    await fill(0);
    await pass(refused.waitMs);
    expect((await pace.take('single', 5)).granted).toBe(1);
  });

  it('is met by a rate below one a second', async () => {
    const [pace] = paceOf(0.5);
    await fill(0, 60_000);
    expect((await pace.take('list', 10)).granted).toBe(1);
    await fillForGood(0);
    expect(await pace.take('list', 10)).toEqual({ granted: 0, waitMs: 2_000 });
  });

  it('keeps two tenths of a second’s worth for single deliveries', async () => {
    const [pace] = paceOf(1_000);
    await fillForGood(200);
    const list = await pace.take('list', 500);
    expect(list.granted).toBe(0);
    expect((await pace.take('single', 200)).granted).toBe(200);
  });

  it('gives a list nothing while single deliveries wait, at any rate', async () => {
    const [one, two] = paceOf(1);
    await fillForGood(0);
    expect((await one.take('single', 1)).granted).toBe(0);
    await workers[0].query(`update pace set tokens = 1`);
    expect(await two.take('list', 1)).toMatchObject({ granted: 0 });
    expect(await one.take('single', 1)).toMatchObject({ granted: 1 });
  });

  it('grants no one anything while the provider has had too much, and no burst after', async () => {
    const [one, two] = paceOf(100);
    await fill(50);
    const paused = performance.now();
    await one.pause(60_000);
    const { granted, waitMs } = await two.take('single', 5);
    expect(granted).toBe(0);
    expect(waitMs).toBeGreaterThanOrEqual(60_000 - (performance.now() - paused));
    await pass(waitMs);
    const after = await two.take('single', 50);
    // What has come since the pause ended, and nothing of the time before.
    expect(after.granted).toBeLessThanOrEqual((100 * (performance.now() - paused + 1)) / 1_000);
  });

  it('plans what is put off one after the other, lists not before each other, after a pause', async () => {
    const [one, two] = paceOf(10);
    const paused = Date.now() / 1_000;
    await one.pause(60_000);
    const first = await one.plan('list', 40);
    const second = await two.plan('list', 40);
    const single = await two.plan('single', 1);
    const seconds = (date: Date) => date.getTime() / 1_000;
    expect(seconds(first[0])).toBeGreaterThanOrEqual(paused + 60);
    expect(seconds(first[39]) - seconds(first[0])).toBeCloseTo(30 / 11, 1);
    expect(seconds(second[0]) - seconds(first[0])).toBeCloseTo(40 / 11, 1);
    expect(seconds(single[0]) - seconds(first[0])).toBeCloseTo(0, 1);
  });
});
