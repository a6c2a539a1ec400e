import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fail, say } from './prepare.mjs';
import { dist } from './stale.mjs';

const services = ['gateway', 'issuance', 'redemption', 'notification', 'loyalty', 'automation', 'insights'];
const longestPause = 30000;
/** A process that lived this long was well: its next end is a new trouble, and the pauses begin short again. */
const healthyAfter = 30000;

/** Runs one process a service, and NOTIFICATION_WORKERS more that only send, until a signal ends them all. */
export async function runCluster() {
  const members = plan().map((member) => new Member(member));
  width = Math.max(...members.map(({ name }) => name.length));
  const ended = Promise.all(members.map((member) => member.run()));
  stopOnSignal(members);
  void reportReady(members);
  await ended;
  say('all processes have ended');
}

function plan() {
  const workers = Number(process.env.NOTIFICATION_WORKERS ?? 0);
  if (!Number.isInteger(workers) || workers < 0) fail('NOTIFICATION_WORKERS must be a whole number.');
  const firstPort = Number(process.env.METRICS_PORT ?? 9090);
  const members = services.map((service) => ({ name: service, service, env: {} }));
  for (let i = 1; i <= workers; i++) {
    members.push({
      name: `notification-worker-${i}`,
      service: 'notification',
      env: { NOTIFICATION_ROLE: 'worker' },
    });
  }
  return members.map((member, i) => ({ ...member, metricsPort: firstPort + i }));
}

let width = 0;

class Member {
  constructor({ name, service, env, metricsPort }) {
    this.name = name;
    this.metricsPort = metricsPort;
    this.main = join(dist, 'apps', service, 'src', 'main.js');
    // As with one process: nothing outside this machine reaches it unless HOST says so.
    this.env = { HOST: '127.0.0.1', ...process.env, ...env, METRICS_PORT: String(metricsPort) };
    this.stopping = false;
  }

  /** Resolves when it has ended and was meant to. */
  async run() {
    for (let pause = 500; ; pause = Math.min(pause * 2, longestPause)) {
      const startedAt = Date.now();
      const reason = await this.runOnce();
      if (this.stopping) return;
      if (Date.now() - startedAt > healthyAfter) pause = 500;
      say(`!!! ${this.name} ended (${reason}); starting it again in ${pause / 1000} s`);
      await new Promise((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, pause);
      });
      if (this.stopping) return;
    }
  }

  runOnce() {
    // A process group of its own: Ctrl-C in a terminal reaches us alone, and we pass it on exactly once.
    this.child = spawn(process.execPath, ['--enable-source-maps', this.main], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: stream }).on('line', (line) =>
        console.log(`${this.name.padEnd(width)} | ${line}`),
      );
    }
    return new Promise((resolve) => {
      this.child.once('error', (error) => resolve(error.message));
      this.child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
  }

  end(signal) {
    this.stopping = true;
    this.wake?.();
    this.child?.kill(signal);
  }

  async isReady() {
    try {
      return (await fetch(`http://${reachable(this.env.HOST)}:${this.metricsPort}/health/ready`)).ok;
    } catch {
      return false;
    }
  }
}

/** The address by which this machine reaches what listens on `host`. */
function reachable(host) {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function stopOnSignal(members) {
  let asked = false;
  const limit = Number(process.env.SHUTDOWN_TIMEOUT_MS ?? 15000) + 5000;
  const killAll = (why) => {
    say(`${why}: killing what still runs`);
    for (const member of members) member.end('SIGKILL');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // npm passes a terminal's Ctrl-C on although we have had it: only one that comes later is a second one.
      if (asked && Date.now() - asked > 1000) return killAll('asked again');
      if (asked) return;
      asked = Date.now();
      say('stopping: finishing what is in hand');
      for (const member of members) member.end('SIGTERM');
      setTimeout(() => killAll('it takes too long'), limit).unref();
    });
  }
}

async function reportReady(members) {
  for (const member of members) {
    while (!(await member.isReady())) {
      if (member.stopping) return;
      await new Promise((resolve) => setTimeout(resolve, 250).unref());
    }
  }
  const url = process.env.PUBLIC_URL ?? `http://localhost:${process.env.PORT ?? 3000}`;
  say(`${members.length} processes are ready: ${url} (Ctrl-C stops them)`);
}
