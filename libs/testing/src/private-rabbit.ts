import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connect } from 'amqplib';
import { describeWhen } from './available';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** A broker node of the test's own, to be stopped and killed as it likes. Its queues outlive both. */
export interface PrivateRabbit {
  url: string;
  /** Starts it again on the same port and data. A cold start takes some seconds. */
  start: () => Promise<void>;
  /** Orderly, as `systemctl stop` would. */
  stop: () => Promise<void>;
  /** Kill -9. */
  kill: () => Promise<void>;
  /** Stops it and removes its files. */
  cleanup: () => Promise<void>;
}

// Debian's /usr/sbin/rabbitmq-server switches to a user of its own; the script behind it runs as us.
const binary = ['/usr/lib/rabbitmq/bin', ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'rabbitmq-server'))
  .find((path) => existsSync(path));

/** Runs with the right to a private broker; skipped aloud where RabbitMQ is not installed, failed with CI=true. */
export function describeWithPrivateRabbit(name: string, tests: () => void): void {
  describeWhen(binary !== undefined, 'rabbitmq-server program', name, tests);
}

/** Starts a node that shares nothing with others: own name, ports, port mapper, cookie and folders. */
export async function startPrivateRabbit(): Promise<PrivateRabbit> {
  const home = mkdtempSync(join(tmpdir(), 'tearoff-rabbit-'));
  const port = await freePort();
  const node = new Node(home, port, nodeEnvironment(home, port, await freePort(), await freePort()));
  try {
    await node.start();
  } catch (error) {
    await node.cleanup();
    throw error;
  }
  return {
    url: node.url,
    start: () => node.start(),
    stop: () => node.end('SIGTERM'),
    kill: () => node.end('SIGKILL'),
    cleanup: () => node.cleanup(),
  };
}

class Node {
  readonly url: string;
  private child: ChildProcess | undefined;
  private watchdog: ChildProcess | undefined;

  constructor(
    private readonly home: string,
    port: number,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.url = `amqp://guest:guest@127.0.0.1:${port}`;
  }

  async start(): Promise<void> {
    if (!binary) throw new Error('rabbitmq-server is not installed.');
    if (this.child) return;
    const child = spawn(binary, { env: this.env, cwd: this.home, stdio: 'ignore', detached: true });
    this.child = child;
    this.watchdog = this.watch(child.pid);
    await eventually(
      async () => {
        if (child.exitCode !== null) return 'ended' as const;
        await (await connect(this.url)).close();
        return 'ready' as const;
      },
      { timeoutMs: 90_000, intervalMs: 100 },
    ).then((state) => {
      if (state === 'ended') throw new Error(`The private RabbitMQ ended: ${this.lastWords()}`);
    });
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (!child?.pid) return;
    this.child = undefined;
    const running = child.exitCode === null && child.signalCode === null;
    const exited = running ? once(child, 'exit') : undefined;
    if (running) process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
    await exited;
    if (this.watchdog?.pid) process.kill(-this.watchdog.pid, 'SIGKILL');
    this.watchdog = undefined;
  }

  async cleanup(): Promise<void> {
    await this.end('SIGTERM');
    spawnSync('epmd', ['-kill'], { env: this.env, stdio: 'ignore' });
    // The node's helpers may write their last line a moment after it is gone.
    rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /** A test run that is killed must not leave a broker behind: this shell sees our end of the pipe close. */
  private watch(pid: number | undefined): ChildProcess {
    const script = `cat >/dev/null; kill -9 -- -${pid} 2>/dev/null; [ -d "$HOME" ] && epmd -kill`;
    const shell = spawn('/bin/sh', ['-c', script], {
      env: this.env,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    shell.unref();
    return shell;
  }

  private lastWords(): string {
    const log = join(this.home, 'log', 'rabbit.log');
    return existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : 'it wrote no log';
  }
}

function nodeEnvironment(
  home: string,
  port: number,
  distributionPort: number,
  mapperPort: number,
): NodeJS.ProcessEnv {
  for (const folder of ['mnesia', 'log']) mkdirSync(join(home, folder));
  writeFileSync(join(home, 'enabled_plugins'), '[].\n');
  writeFileSync(join(home, 'environment'), '');
  writeFileSync(join(home, 'rabbitmq.conf'), 'disk_free_limit.absolute = 10MB\n');
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: home,
    ERL_EPMD_PORT: String(mapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `tearoff-${randomBytes(4).toString('hex')}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_LOGS: join(home, 'log', 'rabbit.log'),
    RABBITMQ_PID_FILE: join(home, 'pid'),
    RABBITMQ_CONF_ENV_FILE: join(home, 'environment'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    // One scheduler that sleeps when idle: a guest on the machine.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
    // Makes the start script become the node instead of waiting for it, so that our signals reach the node.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}
