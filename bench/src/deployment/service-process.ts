import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { memoryOf, type Memory } from './process-usage';

export interface ServiceOptions {
  name: string;
  /** The folder under apps/. */
  app: string;
  env: Record<string, string>;
  /** Answers /health/ready. */
  healthPort: number;
  /** Of Node. */
  flags?: readonly string[];
  profile?: string;
}

/** What became of a process, for the report. */
export interface ProcessReport {
  name: string;
  startMs: number;
  atRest: Memory | null;
  peak: number | null;
}

const startLimitMs = 90_000;

/** A built service, run the way it is run in production. */
export class ServiceProcess {
  readonly name: string;
  startMs = Number.NaN;
  private atRest: Memory | null = null;
  private peak: number | null = null;
  private readonly child: ChildProcess;
  private readonly startedAt = performance.now();
  private output = '';

  constructor(private readonly options: ServiceOptions) {
    this.name = options.name;
    const main = require.resolve(join(__dirname, '../../../apps', options.app, 'src/main'));
    const profiling = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
    this.child = spawn(process.execPath, [...(options.flags ?? []), ...profiling, main], {
      env: { ...process.env, LOG_LEVEL: 'warn', RATE_LIMIT: 'off', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not in the terminal's group: Ctrl-C is ours to pass on, once.
      detached: process.platform !== 'win32',
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (text) => (this.output = (this.output + String(text)).slice(-4_000)));
  }

  get pid(): number {
    return this.child.pid!;
  }

  async ready(): Promise<void> {
    while (!(await this.isReady())) {
      if (this.child.exitCode !== null || performance.now() - this.startedAt > startLimitMs)
        throw new Error(`${this.name} did not start:\n${this.output}`);
      await pause(25);
    }
    this.startMs = Math.round(performance.now() - this.startedAt);
    this.atRest = memoryOf(this.pid);
  }

  report(): ProcessReport {
    this.peak = memoryOf(this.pid)?.peak ?? this.peak;
    return { name: this.name, startMs: this.startMs, atRest: this.atRest, peak: this.peak };
  }

  async stop(): Promise<void> {
    this.report();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
    await ended;
    clearTimeout(patience);
    // At this log level whatever is JSON is a warning or an error.
    const complaints = this.output.split('\n').filter((line) => line.startsWith('{'));
    if (complaints.length > 0)
      process.stderr.write(`  ${this.name} said:\n${complaints.slice(-5).join('\n')}\n`);
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.options.healthPort}/health/ready`)).ok;
    } catch {
      return false;
    }
  }
}
