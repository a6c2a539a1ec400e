// npm test [-- jest arguments]: installs and builds what is missing, finds the servers and runs every test.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, requireNode, say } from './lib/prepare.mjs';
import { root } from './lib/stale.mjs';

requireNode();
await prepare();
// Only now: they need what has just been installed and built.
const { openTestServers, quickDatabase } = await import('./lib/test-servers.mjs');

const scratch = mkdtempSync(join(tmpdir(), 'tearoff-test-'));
// Ctrl-C reaches Jest as well; we stay to clean up after it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);

const servers = await openTestServers(quickDatabase);
say(`tests use ${servers.description}`);
const resultFile = join(scratch, 'jest.json');
const code = await runJest(servers.env, resultFile);
const { passed, failed, skipped } = count(resultFile);
await servers.close();
rmSync(scratch, { recursive: true, force: true });

console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = code === 0 && failed === 0 ? 0 : 1;

function runJest(env, outputFile) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  // Its workers inherit it: what a test file leaves behind is mostly gone by the next collection.
  const args = [
    '--max-semi-space-size=32',
    jest,
    '--json',
    `--outputFile=${outputFile}`,
    ...process.argv.slice(2),
  ];
  // Jest prints for people on stderr, and on stdout the JSON that we read from the file.
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.once('close', resolve));
}

function count(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: result.numPassedTests,
    // A file that cannot even be loaded counts as one failure.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
