import { Logger } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { createTestDatabase, TestClock, type TestDatabase } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openAutomationDatabase } from '../src/database';
import { EventRetention } from '../src/events/event-retention';
import { RunRetention } from '../src/runs/run-retention';
import { queues, RunStore } from '../src/runs/run.store';
import { RunSweeper } from '../src/runs/sweeper';
import { Waits } from '../src/waits/waits';

const now = Date.parse('2031-01-01T12:00:00Z');
const minute = 60_000;
const day = 86_400_000;
const accounts = [newId('account'), newId('account')];

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await openAutomationDatabase(database.url, 2);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});

const insert = async (table: string, row: Record<string, unknown>): Promise<void> => {
  const names = Object.keys(row);
  await dataSource.query(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
};
const idsIn = async (table: string, id = 'id'): Promise<string[]> => {
  const rows = await dataSource.query<{ id: string }[]>(`select ${id} as id from ${table}`);
  return rows.map((row) => row.id).sort();
};

function runSweeper(): RunSweeper {
  const clock = new TestClock();
  clock.is(new Date(now).toISOString());
  const outbox = new Outbox(dataSource);
  return new RunSweeper(outbox, new RunStore(dataSource, outbox, new Waits(clock), clock), clock);
}

describe('events', () => {
  const keptMs = 90 * day;
  const insertEvent = async (accountId: string, at: number): Promise<string> => {
    const id = newId('event', at);
    await insert('event', {
      id,
      account_id: accountId,
      type: 'order',
      key: id,
      params: '{}',
      at: new Date(at),
    });
    return id;
  };

  beforeEach(() => dataSource.query('truncate event'));

  it('are deleted when they are ninety days old, and not before, in every account', async () => {
    const kept: string[] = [];
    for (const accountId of accounts) {
      await insertEvent(accountId, now - keptMs - 1);
      kept.push(await insertEvent(accountId, now - keptMs + 1), await insertEvent(accountId, now));
    }
    await new EventRetention(dataSource).sweep(now);
    expect(await idsIn('event')).toEqual(kept.sort());
  });

  it('are all deleted by one sweep, however many they are', async () => {
    await dataSource.query(
      `insert into event (id, account_id, type, key, params, at)
       select 'evt_00' || n, $1, 'order', n::text, '{}', now() from generate_series(1, 10001) as n`,
      [accounts[0]],
    );
    await new EventRetention(dataSource).sweep(now);
    expect((await idsIn('event')).length).toBe(0);
  });
});

describe('runs', () => {
  const keptDays = 400;
  const longAgo = new Date(now - keptDays * day - 1);
  const lately = new Date(now - keptDays * day + 1);
  const began = now - 2 * keptDays * day;
  const retention = (): RunRetention => new RunRetention(dataSource, keptDays);
  const insertRun = async (columns: Record<string, unknown>): Promise<string> => {
    const id = newId('run', began);
    await insert('run', {
      id,
      account_id: accounts[0],
      workflow_id: 'wfl_1',
      version: 1,
      start_key: id,
      happening: '{}',
      woken_at: longAgo,
      started_at: new Date(began),
      ...columns,
    });
    return id;
  };
  const insertWorkflow = (id: string): Promise<void> =>
    insert('workflow', {
      id,
      account_id: accounts[0],
      name: 'Stands',
      status: 'active',
      version: 1,
      created_at: new Date(began),
      updated_at: new Date(began),
    });
  const insertVersion = (workflowId: string): Promise<void> =>
    insert('workflow_version', {
      workflow_id: workflowId,
      version: 1,
      account_id: accounts[0],
      definition: '{}',
      waits: [],
      created_at: new Date(began),
    });
  const stepOf = (startedAt: Date): string => JSON.stringify({ startedAt: startedAt.toISOString() });

  beforeEach(() => dataSource.query('truncate run, run_step, run_key, workflow, workflow_version'));

  it('are deleted so many days after they ended, however long ago they began, in every account', async () => {
    const kept: string[] = [];
    for (const account_id of accounts)
      for (const status of ['completed', 'stopped', 'cancelled']) {
        await insertRun({ account_id, status, finished_at: longAgo });
        kept.push(await insertRun({ account_id, status, finished_at: lately }));
      }
    await retention().sweep(now);
    expect(await idsIn('run')).toEqual(kept.sort());
  });

  it('that failed are deleted so many days after they were last woken or tried', async () => {
    await insertRun({ status: 'failed' });
    await insertRun({ status: 'failed', step: stepOf(longAgo) });
    const kept = [
      await insertRun({ status: 'failed', woken_at: lately }),
      await insertRun({ status: 'failed', woken_at: lately, step: stepOf(longAgo) }),
      await insertRun({ status: 'failed', step: stepOf(lately) }),
    ];
    await retention().sweep(now);
    expect(await idsIn('run')).toEqual(kept.sort());
  });

  it('under way stay, however old they are', async () => {
    const active = await insertRun({ status: 'active', step: stepOf(longAgo), due_at: longAgo });
    await insertRun({ status: 'completed', finished_at: longAgo });
    await retention().sweep(now);
    expect(await idsIn('run')).toEqual([active]);
  });

  it('take their own steps with them and no others', async () => {
    const over = await insertRun({ status: 'completed', finished_at: longAgo });
    const kept = await insertRun({ status: 'completed', finished_at: lately });
    for (const run_id of [over, kept])
      await insert('run_step', {
        run_id,
        seq: 1,
        path: '/steps/0',
        kind: 'stop',
        status: 'done',
        attempts: 1,
        started_at: longAgo,
        finished_at: longAgo,
      });
    await retention().sweep(now);
    expect(await idsIn('run_step', 'run_id')).toEqual([kept]);
  });

  it('leave the key that counts once for good with a workflow that stands, and with no other', async () => {
    await insertWorkflow('wfl_1');
    const over = { status: 'completed', finished_at: longAgo };
    await insertRun({ ...over, workflow_id: 'wfl_1', start_key: 'once ann@example.com' });
    await insertRun({ ...over, workflow_id: 'wfl_1', start_key: 'every evt_1' });
    await insertRun({ ...over, workflow_id: 'wfl_2', start_key: 'once ben@example.com' });
    await retention().sweep(now);
    expect(await idsIn('run')).toEqual([]);
    expect(await dataSource.query('select * from run_key')).toEqual([
      { workflow_id: 'wfl_1', start_key: 'once ann@example.com' },
    ]);
  });

  it('leave the versions of workflows that stand, and of those that still have a run', async () => {
    await insertWorkflow('wfl_1');
    for (const workflowId of ['wfl_1', 'wfl_2', 'wfl_3']) await insertVersion(workflowId);
    await insertRun({ workflow_id: 'wfl_2', status: 'completed', finished_at: lately });
    await insertRun({ workflow_id: 'wfl_3', status: 'completed', finished_at: longAgo });
    await retention().sweep(now);
    expect(await idsIn('workflow_version', 'workflow_id')).toEqual(['wfl_1', 'wfl_2']);
  });

  it('that lost their work item are woken when they have been due for five minutes, and no others', async () => {
    const lost = new Date(now - 5 * minute - 1);
    const recent = new Date(now - 5 * minute + 1);
    const active = { status: 'active', due_at: lost, woken_at: lost };
    const found = [await insertRun(active), await insertRun({ ...active, account_id: accounts[1] })];
    const others = [
      await insertRun({ ...active, due_at: recent }),
      await insertRun({ ...active, woken_at: recent }),
      await insertRun({ ...active, status: 'failed' }),
      await insertRun({ ...active, status: 'completed', finished_at: lost }),
    ];
    const wokenAt = (ids: readonly string[]): Promise<unknown> =>
      dataSource.query('select id, woken_at from run where id = any($1) order by id', [ids]);
    const before = await wokenAt(others);

    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const sweeper = runSweeper();
    expect(await sweeper.sweep()).toBe(2);
    // They have their work item again.
    expect(await sweeper.sweep()).toBe(0);

    const items = await dataSource.query<{ id: string; queue: string }[]>(
      `select item ->> 'runId' as id, queue from outbox, json_array_elements(data -> 'items') as item order by id`,
    );
    expect(items).toEqual(found.sort().map((id) => ({ id, queue: queues.delayed })));
    expect(await wokenAt(others)).toEqual(before);
  });
});

it('forgets when an event was last seen after 800 days, in every account', async () => {
  for (const account_id of accounts)
    for (const [match_key, touchedAt] of [
      ['old', now - 800 * day - 1],
      ['young', now - 800 * day + 1],
    ] as const)
      await insert('sighting', { account_id, event: 'paid', match_key, touched_at: new Date(touchedAt) });
  await runSweeper().sweep();
  expect(await idsIn('sighting', 'match_key')).toEqual(['young', 'young']);
});
