import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries';

/** Whom the server runs as; absent = as ourselves. */
export interface ServerUser {
  uid: number;
  gid: number;
}

// The kernel's overflow id, "no one" nearly everywhere. PostgreSQL refuses to run as root, and a number
// works without making a user.
const nobody: ServerUser = { uid: 65534, gid: 65534 };

/** Where root keeps what its server must reach when the given folder is shut to that user. */
const openFolder = '/var/lib/tearoff';

/** Root's server runs as anyone who owns the data already, otherwise as no one; anyone else's as themselves. */
export function serverUser(dataDir: string): ServerUser | undefined {
  const us = process.getuid?.();
  if (us === undefined) return undefined;
  const data = join(resolve(dataDir), 'postgres', 'data');
  const owner = existsSync(data) ? statSync(data) : undefined;
  if (us === 0) return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : nobody;
  if (owner && owner.uid !== us) {
    throw new Error(
      `${data} belongs to user id ${owner.uid}: start as that user or root, or set another DATA_DIR.`,
    );
  }
  return undefined;
}

/** Makes and returns the folder that holds the cluster, its password, its log and its lock. */
export function chooseServerHome(
  dataDir: string,
  user: ServerUser | undefined,
  log: (message: string) => void,
): string {
  const wanted = join(resolve(dataDir), 'postgres');
  let home = wanted;
  const shut = user && firstShutParent(wanted, user);
  if (shut) {
    home = join(openFolder, createHash('sha256').update(wanted).digest('hex').slice(0, 12));
    log(`Only root can enter ${shut}, and PostgreSQL does not run as root: its data is in ${home}`);
  }
  makeFolder(home);
  return home;
}

/** The binaries, or a copy of them where the server's user can run them. */
export function runnableBinaries(
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
  log: (message: string) => void,
): PostgresBinaries {
  const shut = user && firstShutParent(join(binaries.root, 'bin'), user);
  if (!shut) return binaries;
  const copy = join(openFolder, `postgresql-${binaries.version}`);
  if (!existsSync(copy)) {
    log(`Only root can enter ${shut}: copying PostgreSQL's programs to ${copy}`);
    makeFolder(openFolder);
    // Copied aside and renamed, so that an interrupted copy is never taken for a whole one.
    const partial = `${copy}.${process.pid}`;
    cpSync(binaries.root, partial, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(partial, copy);
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return { ...binaries, root: copy };
}

/** The topmost existing folder on the way to `path` that the user may not pass through. */
function firstShutParent(path: string, user: ServerUser): string | undefined {
  const parents: string[] = [];
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder)) parents.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  return parents.find((folder) => {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    return (mode & bit) === 0;
  });
}

/** Like mkdir -p, with new folders open to pass through whatever the umask says; existing ones are left alone. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}
