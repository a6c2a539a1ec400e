// npm run bench [-- figure … --seconds N --rounds N]: finds the servers, builds, measures, prints one table.
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { prepare, requireNode, say } from './lib/prepare.mjs';
import { dist, root } from './lib/stale.mjs';

requireNode();
await prepare();
// Only now: they need what has just been installed and built.
const { lastingDatabase, openTestServers } = await import('./lib/test-servers.mjs');

// Ctrl-C reaches the benchmark as well; we stay to clean up after it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);

const servers = await openTestServers(lastingDatabase);
say(`the benchmarks use ${servers.description}`);
const main = join(dist, 'bench', 'src', 'main.js');
const child = spawn(process.execPath, ['--enable-source-maps', main, ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, ...servers.env },
  stdio: 'inherit',
});
process.exitCode = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
await servers.close();
