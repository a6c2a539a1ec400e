// Everything here must run on a bare Node, an old one included: it is what says that Node is too old.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installReason, installStamp, isBuildStale, lockDigest, root } from './stale.mjs';

/** Ends the process when this Node cannot run Tearoff. */
export function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '');
  if (isOlder(process.versions.node, wanted)) {
    fail(
      `Tearoff needs Node ${wanted} or newer; this is Node ${process.versions.node}. See https://nodejs.org`,
    );
  }
}

/** Installs what package-lock.json says unless it is installed, and builds what has changed. */
export async function prepare() {
  const reason = installReason();
  if (reason) await install(reason);
  if (isBuildStale()) {
    say('building');
    const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
      stdio: 'inherit',
    });
    if (status !== 0) fail('The build failed, see above.');
  }
}

export function say(message) {
  console.log(`tearoff: ${message}`);
}

/** Says why and ends the process with code 1. */
export function fail(message) {
  console.error(`tearoff: ${message}`);
  process.exit(1);
}

async function install(reason) {
  say(`${reason}: running npm ci (about a minute)`);
  const startedAt = Date.now();
  const progress = setInterval(() => say(`still installing, ${seconds(startedAt)} s`), 15000);
  // What the build needs is a development dependency: NODE_ENV=production must not leave it out.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await npm(args);
  clearInterval(progress);
  if (code !== 0) fail(`npm ci failed:\n${output}`);
  writeFileSync(installStamp(), lockDigest());
  say(`dependencies installed in ${seconds(startedAt)} s`);
}

function npm(args) {
  // Under `npm start` this is the very npm that runs us; called with node, the one on the PATH.
  const script = process.env.npm_execpath;
  const own = script && /npm-cli\.c?js$/.test(script);
  const windows = process.platform === 'win32';
  const child = own
    ? spawn(process.execPath, [script, ...args], { cwd: root })
    : spawn(windows ? 'npm.cmd' : 'npm', args, { cwd: root, shell: windows });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function isOlder(version, wanted) {
  const [major, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor = 0] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

function seconds(since) {
  return Math.round((Date.now() - since) / 1000);
}
