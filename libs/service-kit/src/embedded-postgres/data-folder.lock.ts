import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSameProcess, processStart } from './process-info';

interface Owner {
  pid: number;
  /** Tells the owner from a later process that was given the same number (in a container: nearly always). */
  startedAt: string | null;
}

/** The folder's owner is alive. */
export class DataFolderInUseError extends Error {
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(`The data folder ${folder} is in use by pid ${pid}: stop that one first, or set another DATA_DIR.`);
    this.name = 'DataFolderInUseError';
  }
}

/** Takes the folder for this process, also from an owner that is no longer alive. */
export function claimDataFolder(home: string): { release: () => void } {
  const path = join(home, 'owner.json');
  const mine: Owner = { pid: process.pid, startedAt: processStart(process.pid) };
  const text = JSON.stringify(mine);
  while (!createExclusively(path, text)) {
    const previous = readOwner(path);
    if (previous && isAlive(previous)) throw new DataFolderInUseError(home, previous.pid);
    removeStale(path, previous, home);
  }
  return {
    release: () => {
      if (existsSync(path) && readFileSync(path, 'utf8') === text) rmSync(path, { force: true });
    },
  };
}

function isAlive({ pid, startedAt }: Owner): boolean {
  // A second start within one process counts as well: two servers cannot share a folder.
  return isSameProcess(pid, startedAt);
}

function createExclusively(path: string, text: string): boolean {
  // Written aside and linked: no one ever reads a lock that is half written.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o644 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readOwner(path: string): Owner | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return null;
  }
}

/** Two starts may find the same stale lock; the slower one must not throw away the faster one's new lock. */
function removeStale(path: string, stale: Owner | null, home: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const taken = readOwner(aside);
  if (taken && taken.pid !== stale?.pid && isAlive(taken)) {
    renameSync(aside, path);
    throw new DataFolderInUseError(home, taken.pid);
  }
  rmSync(aside, { force: true });
}
