import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, wherever the scripts are called from. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const dist = join(root, 'dist');
/** Written last by a build; its content is the fingerprint of what was built. */
export const buildStamp = join(dist, '.built');

const sourceFolders = ['apps', 'libs', 'bench'];
const buildInputs = [
  'scripts/build.mjs',
  'scripts/swc-options.cjs',
  'scripts/lib/source-archive.mjs',
  'scripts/lib/stale.mjs',
];
const skippedFolders = new Set(['node_modules', 'dist', '.nx', '.data', 'coverage', 'test']);
const skippedFiles = /\.(spec|d)\.ts$|(^|\/)(project\.json|README\.md)$/;

/** Every file that ends up in dist/, as paths relative to the root, sorted. Tests are not run from there. */
export function sourceFiles() {
  /** @type {string[]} */
  const files = [];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) walk(path);
      else if (entry.isFile() && !skippedFiles.test(entry.name))
        files.push(relative(root, path).split(sep).join('/'));
    }
  };
  for (const folder of sourceFolders) if (existsSync(join(root, folder))) walk(join(root, folder));
  return files.sort();
}

/**
 * A short digest of names, sizes and times of all sources. Not times alone: a deleted file, or one that git
 * put back with an older time, must make the build stale as well.
 */
export function sourceFingerprint(files = sourceFiles()) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const file of [...buildInputs, ...files]) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** True when dist/ does not hold what the sources say. */
export function isBuildStale() {
  return readText(buildStamp) !== sourceFingerprint();
}

/**
 * Why dependencies must be installed, or null when they are those of package-lock.json. npm writes
 * node_modules/.package-lock.json at the end of an install; our copy of the lock's digest beside it tells
 * whether the lock has changed since.
 */
export function installReason() {
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) return 'dependencies are missing';
  const stamp = readText(installStamp());
  if (stamp === lockDigest()) return null;
  // Installed by hand with npm: believe it when it matches the lock, package by package.
  return installedMatchesLock() ? null : 'package-lock.json has changed';
}

export const installStamp = () => join(root, 'node_modules', '.tearoff-installed');

export function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function installedMatchesLock() {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(
    readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'),
  ).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, link }]) =>
      path === '' ||
      link ||
      (!installed[path] && (optional || devOptional)) ||
      installed[path]?.version === version,
  );
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
