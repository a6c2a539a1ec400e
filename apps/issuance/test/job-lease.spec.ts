import { newId } from '@tearoff/contracts';
import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openIssuanceDatabase } from '../src/database';
import {
  advance,
  claimJob,
  clearFinishedLists,
  failJob,
  giveUpSilentUploads,
  holdJob,
  leaseSeconds,
  pauseJob,
  releaseJob,
} from '../src/jobs/job.lease';

describe('the lease of a job', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openIssuanceDatabase(database.url, 2);
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });
  beforeEach(() => dataSource.query('truncate job, code_import, list_row, list_served'));

  const insertJob = async (columns: Record<string, unknown> = {}): Promise<string> => {
    const row: Record<string, unknown> = {
      id: newId('job'),
      account_id: newId('account'),
      kind: 'distribution',
      ...columns,
    };
    const names = Object.keys(row);
    await dataSource.query(
      `insert into job (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
    return row.id as string;
  };
  const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
  const jobRow = async (id: string): Promise<Record<string, unknown>> =>
    (await dataSource.query<Record<string, unknown>[]>('select * from job where id = $1', [id]))[0];
  const expireLease = (id: string) =>
    dataSource.query(`update job set lease_until = now() - interval '1 second' where id = $1`, [id]);

  it('keeps other workers away until it runs out, and is renewed by each step', async () => {
    const id = await insertJob();
    expect(await claimJob(dataSource, 'first')).toBe(id);
    expect(await claimJob(dataSource, 'second')).toBeNull();
    await expireLease(id);
    expect(await holdJob(dataSource.manager, id, 'first')).toEqual({ done: 0, total: null });
    const { lease_until: until } = await jobRow(id);
    expect((until as Date).getTime()).toBeGreaterThan(Date.now() + (leaseSeconds - 10) * 1_000);
    expect(await claimJob(dataSource, 'second')).toBeNull();
  });

  it('is lost to the worker that took the job up: the earlier one can do nothing to it', async () => {
    const id = await insertJob();
    await claimJob(dataSource, 'first');
    await expireLease(id);
    expect(await claimJob(dataSource, 'second')).toBe(id);
    const before = await jobRow(id);
    expect(await holdJob(dataSource.manager, id, 'first')).toBeNull();
    await pauseJob(dataSource, id, 'first', 'It was paused by the first.');
    await releaseJob(dataSource, id, 'first', 0);
    await releaseJob(dataSource, id, 'first', 5);
    await failJob(dataSource, id, 'first', 'It failed at the first.');
    expect(await jobRow(id)).toEqual(before);
    expect(await holdJob(dataSource.manager, id, 'second')).toEqual({ done: 0, total: null });
  });

  it('changes the held job alone', async () => {
    const other = await insertJob({ worker: 'worker', status: 'running', lease_until: ago(-60) });
    const before = await jobRow(other);
    const id = await insertJob();
    expect(await claimJob(dataSource, 'worker')).toBe(id);
    await holdJob(dataSource.manager, id, 'worker');
    await releaseJob(dataSource, id, 'worker', 0);
    expect(await claimJob(dataSource, 'worker')).toBe(id);
    await releaseJob(dataSource, id, 'worker', 5);
    expect(await claimJob(dataSource, 'worker')).toBeNull();
    await expireLease(id);
    expect(await claimJob(dataSource, 'worker')).toBe(id);
    await pauseJob(dataSource, id, 'worker', 'Later.');
    expect(await jobRow(id)).toMatchObject({ status: 'paused', note: 'Later.', worker: null });
    await dataSource.query(`update job set worker = 'worker' where id = $1`, [id]);
    await failJob(dataSource, id, 'worker', 'It failed.');
    expect(await jobRow(id)).toMatchObject({ status: 'failed', errors: [{ message: 'It failed.' }] });
    expect(await jobRow(other)).toEqual(before);
  });

  it('lasts from step to step, each of which counts its work and keeps the first hundred errors', async () => {
    const other = await insertJob({ worker: 'worker', status: 'running', lease_until: ago(-60) });
    const before = await jobRow(other);
    const id = await insertJob();
    await claimJob(dataSource, 'worker');
    await dataSource.query('update job set attempts = 3 where id = $1', [id]);
    const errorsFrom = (first: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        path: `/lines/${first + index}`,
        message: 'It is wrong.',
      }));
    const step = (first: number, count: number, finished: boolean) =>
      advance(dataSource.manager, id, { done: 10, errors: errorsFrom(first, count), finished });
    await step(1, 60, false);
    expect(await jobRow(id)).toMatchObject({
      done: 10,
      failed: 60,
      attempts: 0,
      status: 'running',
      worker: 'worker',
      finished_at: null,
      lease_until: expect.any(Date),
    });
    await step(61, 41, false);
    expect(await jobRow(id)).toMatchObject({ done: 20, failed: 101, errors: errorsFrom(1, 100) });
    await step(102, 150, true);
    expect(await jobRow(id)).toMatchObject({
      done: 30,
      failed: 251,
      errors: errorsFrom(1, 100),
      status: 'done',
      worker: null,
      finished_at: expect.any(Date),
      lease_until: null,
    });
    expect(await jobRow(other)).toEqual(before);
  });

  it('is given for the job that has waited longest, and not for one that is over, unready, paused or put off', async () => {
    await insertJob({ touched_at: ago(90), finished_at: ago(80), status: 'done' });
    await insertJob({ touched_at: ago(90), ready: false });
    await insertJob({ touched_at: ago(90), status: 'paused' });
    await insertJob({ touched_at: ago(90), lease_until: ago(-60) });
    const later = await insertJob({ touched_at: ago(10) });
    const earlier = await insertJob({ touched_at: ago(20) });
    const claims = [];
    for (let claim = 0; claim < 3; claim++) claims.push(await claimJob(dataSource, 'worker'));
    expect(claims).toEqual([earlier, later, null]);
  });

  it('cannot be held once the job is paused or over', async () => {
    for (const columns of [{ status: 'paused' }, { status: 'running', finished_at: ago(1) }]) {
      const id = await insertJob({ worker: 'worker', ...columns });
      expect(await holdJob(dataSource.manager, id, 'worker')).toBeNull();
      await pauseJob(dataSource, id, 'worker', 'Never said.');
      if (columns.status === 'paused') expect(await jobRow(id)).toMatchObject({ note: null });
    }
  });

  it('is no matter for uploads: one is given up after an hour of silence, with its own lines', async () => {
    const silent = await insertJob({ ready: false, touched_at: ago(3_700) });
    const kept = [
      await insertJob({ ready: false, touched_at: ago(3_500) }),
      await insertJob({ ready: true, touched_at: ago(3_700) }),
      await insertJob({ ready: false, touched_at: ago(3_700), finished_at: ago(60), status: 'done' }),
    ];
    for (const id of [silent, ...kept])
      await dataSource.query(`insert into code_import (job_id, code, line) values ($1, 'CODE', 1)`, [id]);
    const before = await Promise.all(kept.map(jobRow));
    await giveUpSilentUploads(dataSource);
    expect(await jobRow(silent)).toMatchObject({ status: 'failed', finished_at: expect.any(Date) });
    expect(await Promise.all(kept.map(jobRow))).toEqual(before);
    const lines = await dataSource.query<{ job_id: string }[]>('select job_id from code_import');
    expect(lines.map(({ job_id }) => job_id).sort()).toEqual([...kept].sort());
  });

  it('is no matter for rows that lists left behind: those of lists that are over go, others stay', async () => {
    const over = await insertJob({ status: 'cancelled', finished_at: ago(60) });
    const running = await insertJob({ status: 'running', worker: 'worker', lease_until: ago(-30) });
    const paused = await insertJob({ status: 'paused' });
    for (const id of [over, running, paused]) {
      await dataSource.query(`insert into list_row (job_id, line, content) values ($1, 1, '{}')`, [id]);
      await dataSource.query(`insert into list_served (job_id, key) values ($1, 'key')`, [id]);
    }
    await clearFinishedLists(dataSource);
    for (const table of ['list_row', 'list_served']) {
      const rows = await dataSource.query<{ job_id: string }[]>(`select job_id from ${table}`);
      expect(rows.map(({ job_id }) => job_id).sort()).toEqual([running, paused].sort());
    }
  });
});
