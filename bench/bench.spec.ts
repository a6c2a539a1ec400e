import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '@tearoff/contracts';
import { brokerAvailable } from '@tearoff/testing';
import type { ProcessReport } from './src/deployment/service-process';
import type { Row } from './src/figure';
import { isReached } from './src/figure';
import { median, percentile } from './src/rounds';

const root = join(__dirname, '..');

interface Report {
  machine: string;
  rows: Row[];
  processes: ProcessReport[];
}

describe('the benchmarks', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'tearoff-bench-spec-'));
  let report: Report;

  beforeAll(async () => {
    execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { cwd: root, stdio: 'ignore' });
    const file = join(scratch, 'report.json');
    const main = join(root, 'dist', 'bench', 'src', 'main.js');
    // Its exit code says whether figures were reached, which so short a run cannot tell.
    const said = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        [main, '--smoke', '--json', file],
        { cwd: root },
        (_error, _stdout, stderr) => resolve(stderr),
      );
    });
    try {
      report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    } catch {
      throw new Error(`no report was written:\n${said}`);
    }
  }, 240_000);

  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('measure every figure, and its limit, without a wrong answer', () => {
    expect(report.rows.map(({ name }) => name)).toHaveLength(brokerAvailable ? 19 : 14);
    for (const row of report.rows) {
      expect(row).toMatchObject({ errors: 0 });
      expect(row.measured).toBeGreaterThan(0);
      if (row.limit !== null) expect(row.limit).toBeGreaterThan(0);
    }
  });

  it('tell how long each process took to start', () => {
    const names = report.processes.map(({ name }) => name);
    const cluster = [...services, 'notification worker'];
    expect(names).toEqual(brokerAvailable ? ['standalone', ...cluster] : ['standalone']);
    for (const { startMs } of report.processes) expect(startMs).toBeGreaterThan(0);
  });

  it('name the machine', () => {
    expect(report.machine).toContain(`Node ${process.versions.node}`);
  });
});

describe('a figure', () => {
  const row: Row = {
    name: 'n',
    measured: 80,
    unit: '/s',
    limitIs: 'l',
    limit: 100,
    reach: { atLeast: 0.7 },
    errors: 0,
  };

  it('is held against its limit', () => {
    expect(isReached(row)).toBe(true);
    expect(isReached({ ...row, measured: 60 })).toBe(false);
    expect(isReached({ ...row, measured: 160, reach: { atMost: 1.5 } })).toBe(false);
  });

  it('is held against its bound where it has one, limit or not', () => {
    expect(isReached({ ...row, limit: null, reach: { atMost: 60 } })).toBe(false);
    expect(isReached({ ...row, limit: null, measured: 59, reach: { atMost: 60 } })).toBe(true);
    expect(isReached({ ...row, limit: 1, measured: 59, reach: { atMost: 60, unit: 'ms' } })).toBe(true);
  });

  it('is not reached with a single wrong answer', () => {
    expect(isReached({ ...row, errors: 1 })).toBe(false);
  });

  it('is told by medians and percentiles', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(percentile([...Array(100).keys()], 0.99)).toBe(98);
  });
});
