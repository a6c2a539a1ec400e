import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { program } from './postgres-binaries';
import type { PostgresBinaries } from './postgres-binaries';
import { runProgram, serverEnvironment } from './run-program';
import type { ServerUser } from './server-home';
import { serverSettings, type ServerSettings } from './server-settings';

export interface LaunchOptions {
  binaries: PostgresBinaries;
  home: string;
  data: string;
  password: string;
  user: ServerUser | undefined;
  port?: number;
  settings?: ServerSettings;
  log: (message: string) => void;
  onUnexpectedExit?: (message: string) => void;
}

const databaseName = 'tearoff';

/** Starts the server on the asked or a free port and returns once it answers. */
export async function launchServer(
  options: LaunchOptions,
): Promise<{ url: string; stop: () => Promise<void> }> {
  // A free port may be taken between our asking and the server's binding; an asked one is the caller's to free.
  const attempts = options.port ? 1 : 3;
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    const server = new ServerProcess(options, port);
    try {
      await server.ready();
      return { url: server.url(databaseName), stop: () => server.stop() };
    } catch (error) {
      await server.stop();
      if (!(error instanceof PortInUseError) || attempt >= attempts) throw error;
    }
  }
}

export class PortInUseError extends Error {
  constructor(port: number) {
    super(`Port ${port} on 127.0.0.1 is in use: the embedded PostgreSQL cannot listen there.`);
    this.name = 'PortInUseError';
  }
}

class ServerProcess {
  private readonly child: ChildProcess;
  private readonly logFile: string;
  private readonly exited: Promise<void>;
  private running = true;
  private spawnError: string | undefined;
  private stopping: Promise<void> | undefined;
  private readonly killOnExit = () => this.child.kill('SIGINT');

  constructor(
    private readonly options: LaunchOptions,
    private readonly port: number,
  ) {
    this.logFile = join(options.home, 'server.log');
    // To a file, not a pipe: the server must be able to go on writing when we are killed. Emptied at each start.
    const log = openSync(this.logFile, 'w', 0o600);
    this.child = spawn(
      program(options.binaries, 'postgres'),
      ['-D', options.data, ...serverSettings(port, options.settings)],
      {
        ...options.user,
        cwd: options.home,
        env: serverEnvironment(),
        stdio: ['ignore', log, log],
        // Its own session: a terminal's Ctrl-C must reach us alone, or the database would be gone before we drain.
        detached: true,
      },
    );
    closeSync(log);
    this.exited = new Promise<void>((resolve) => {
      this.child.once('error', (error) => {
        this.spawnError = error.message;
        resolve();
      });
      this.child.once('exit', () => resolve());
    }).then(() => this.onExit());
    // The last resort when no one calls stop(): SIGINT is PostgreSQL's fast shutdown.
    process.once('exit', this.killOnExit);
  }

  url(database: string): string {
    return `postgres://postgres:${this.options.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Recovery after a crash may take long; only the server's end is a failure, not the time. */
  async ready(): Promise<void> {
    for (let waited = 0; !this.saysReady(); waited += 25) {
      if (!this.running) throw this.startFailure();
      if (waited > 0 && waited % 10_000 === 0) this.options.log('PostgreSQL is still starting');
      await pause(25);
    }
    const client = new Client({ connectionString: this.url('postgres') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
      if (rowCount === 0) await client.query(`create database ${databaseName}`);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== '28P01') throw error;
      throw new Error(`The password in ${this.options.home} is not the database's.`, { cause: error });
    } finally {
      await client.end().catch(() => undefined);
    }
    this.options.log(`PostgreSQL answers on 127.0.0.1:${this.port}`);
  }

  /** The pid file's last line. Connecting would not tell: another server may be listening on the asked port. */
  private saysReady(): boolean {
    try {
      const lines = readFileSync(join(this.options.data, 'postmaster.pid'), 'utf8').split('\n');
      return Number(lines[0]) === this.child.pid && lines[7]?.trim() === 'ready';
    } catch {
      return false;
    }
  }

  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  private async shutDown(): Promise<void> {
    const { binaries, data, user } = this.options;
    for (const mode of ['fast', 'immediate']) {
      if (!this.running) break;
      await runProgram(binaries, 'pg_ctl', ['stop', '-D', data, '-m', mode, '-w', '-t', '30'], user);
      await Promise.race([this.exited, pause(1_000, undefined, { ref: false })]);
    }
    await this.exited;
  }

  private onExit(): void {
    this.running = false;
    process.off('exit', this.killOnExit);
    if (!this.stopping) this.options.onUnexpectedExit?.(`PostgreSQL ended by itself: ${this.lastWords()}`);
  }

  private startFailure(): Error {
    const words = this.lastWords();
    if (/could not bind|Address already in use/i.test(words)) return new PortInUseError(this.port);
    return new Error(`PostgreSQL did not start in ${this.options.data}: ${words}`);
  }

  private lastWords(): string {
    if (this.spawnError) return this.spawnError;
    return readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-8).join('\n') || 'it said nothing';
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
