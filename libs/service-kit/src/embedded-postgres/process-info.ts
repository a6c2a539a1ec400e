import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** True while the pid is taken, be it by a process that is dead and only waits to be reaped. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** True while a process with this number does something, ours or not. */
export function isRunning(pid: number): boolean {
  // A container's first process often never reaps: its dead children stay as zombies.
  return exists(pid) && (process.platform !== 'linux' || statFields(pid)?.[0] !== 'Z');
}

/** Something that differs between two processes that had the same pid; null where it cannot be told. */
export function processStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const startTicks = statFields(pid)?.[19];
      if (!startTicks) return null;
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${boot}/${startTicks}`;
    }
    return ps(pid, 'lstart=');
  } catch {
    return null;
  }
}

/** True when `pid` runs and is the process that reported this start. */
export function isSameProcess(pid: number, startedAt: string | null): boolean {
  if (!isRunning(pid)) return false;
  return startedAt === null || processStart(pid) === startedAt;
}

/** The process's command line, or null where it cannot be told. */
export function commandLine(pid: number): string | null {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return ps(pid, 'command=');
  } catch {
    return null;
  }
}

/** proc(5), from field 3 (the state) on: field 2 is a name in parentheses that may itself contain spaces. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function ps(pid: number, column: string): string | null {
  if (process.platform === 'win32') return null;
  const { status, stdout } = spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
