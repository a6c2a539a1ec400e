import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from './stale.mjs';

const folders = ['.ci', 'apps', 'bench', 'docker', 'docs', 'e2e', 'k8s', 'libs', 'scripts'];
const rootFiles =
  /^(LICENSE|[A-Z]+\.md|[a-z.-]+\.(json|cjs)|\.(dockerignore|editorconfig|gitignore|npmrc|nvmrc|nxignore|oxlintrc\.json|prettierignore|prettierrc))$/;
const skippedFolders = new Set(['node_modules', 'dist', '.nx', '.data', 'coverage']);

/**
 * Packs what this version is built from, so that a running system can offer it to its users (AGPL-3.0, section 13).
 * False where there is no `tar`.
 */
export function writeSourceArchive(target) {
  const args = ['-czf', target, '-C', root, '-T', '-'];
  const { status } = spawnSync('tar', args, { input: archivedFiles().join('\n') });
  return status === 0;
}

/** Names under `root`. No file that may hold somebody's secrets: of dot files only those that are listed here. */
export function archivedFiles() {
  const files = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && rootFiles.test(entry.name))
    .map(({ name }) => name);
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) walk(path);
      else if (entry.isFile() && (!entry.name.startsWith('.') || entry.name === '.env.example'))
        files.push(path);
    }
  };
  for (const folder of folders) if (existsSync(join(root, folder))) walk(folder);
  return files.sort();
}
