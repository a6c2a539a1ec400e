import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries';
import { runProgram } from './run-program';
import type { ServerUser } from './server-home';

/** Makes the cluster in `home`/data unless it exists; returns the superuser's password. */
export async function initialiseCluster(
  binaries: PostgresBinaries,
  home: string,
  user: ServerUser | undefined,
  log: (message: string) => void,
): Promise<string> {
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  if (existsSync(data)) {
    checkVersion(binaries, data);
    if (!existsSync(passwordFile))
      throw new Error(`${passwordFile} is missing: without it ${data} cannot be opened.`);
    return readFileSync(passwordFile, 'utf8').trim();
  }

  log(`Making a new PostgreSQL ${binaries.version.split('.')[0]} database in ${data}`);
  const password = randomBytes(24).toString('base64url');
  // Made aside and renamed when whole: a start that is killed half-way leaves nothing that looks like data.
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  writeFileSync(`${draft}.password`, `${password}\n`, { mode: 0o600 });
  if (user) for (const path of [draft, `${draft}.password`]) chownSync(path, user.uid, user.gid);

  const args = [
    '-D',
    draft,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${draft}.password`,
    '-E',
    'UTF8',
  ];
  // The same sort order on every platform, whatever libc or ICU it has.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  const { code, output } = await runProgram(binaries, 'initdb', args, user);
  rmSync(`${draft}.password`, { force: true });
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`PostgreSQL's initdb failed in ${draft}: ${output}`);
  }
  renameSync(draft, data);
  return password;
}

function checkVersion(binaries: PostgresBinaries, data: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const ours = binaries.version.split('.')[0];
  if (found !== ours) {
    throw new Error(
      `${data} was made by PostgreSQL ${found}, this Tearoff brings ${ours}: dump it with the old version and ` +
        'restore it into a new DATA_DIR.',
    );
  }
}
