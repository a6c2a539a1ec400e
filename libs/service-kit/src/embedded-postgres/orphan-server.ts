import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PostgresBinaries } from './postgres-binaries';
import { commandLine, exists, isRunning } from './process-info';
import { runProgram } from './run-program';
import type { ServerUser } from './server-home';

/**
 * A process that was killed leaves its server running, and no one else can own that: the caller holds the folder's
 * lock. A pid file whose number is a zombie's or some other program's is removed, for PostgreSQL would refuse to start.
 */
export async function stopOrphan(
  binaries: PostgresBinaries,
  data: string,
  user: ServerUser | undefined,
  log: (message: string) => void,
): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  let failure = '';
  // Immediate = no checkpoint, replay of the log at the next start: nothing that was committed is lost.
  for (const mode of ['fast', 'immediate', 'immediate']) {
    const pid = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, 'utf8'), 10) : Number.NaN;
    if (Number.isNaN(pid) || !exists(pid)) return;
    const command = commandLine(pid);
    if (!isRunning(pid) || (command !== null && !command.includes('postgres'))) {
      await endBackends(data);
      rmSync(pidFile, { force: true });
      return;
    }
    log(`Stopping the PostgreSQL server (pid ${pid}) that a killed process left behind`);
    const args = ['stop', '-D', data, '-m', mode, '-w', '-t', '30'];
    const { code, output } = await runProgram(binaries, 'pg_ctl', args, user);
    if (code === 0) return;
    failure = output;
  }
  throw new Error(`The PostgreSQL server in ${data} cannot be stopped: ${failure}`);
}

/**
 * Without its pid file PostgreSQL cannot see that a backend of the dead server still writes: make sure that none does.
 * Backends work in the data folder, which tells them from everyone else's.
 */
async function endBackends(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const folder = realpathSync(data);
  for (let left = backends(folder); left.length > 0; left = backends(folder)) {
    for (const pid of left) process.kill(pid, 'SIGQUIT');
    await pause(50);
  }
}

function backends(folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => workingFolder(pid) === folder && isRunning(pid));
}

function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}
