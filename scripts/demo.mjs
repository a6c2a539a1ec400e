// npm run demo: a year of a grocery chain's coupons through the public HTTP API, and the funnel they make. On a system
// of its own that is thrown away afterwards, or on a running one: DEMO_URL with DEMO_CLIENT_ID and DEMO_CLIENT_SECRET.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { apiOf } from './demo/api.mjs';
import { readDataset } from './demo/dataset.mjs';
import { barsOf, svgOf, tableOf } from './demo/picture.mjs';
import { replay } from './demo/replay.mjs';
import { fail, prepare, requireNode, say } from './lib/prepare.mjs';
import { dist, root } from './lib/stale.mjs';

requireNode();
const system = process.env.DEMO_URL ? givenSystem() : await ownSystem();
const startedAt = Date.now();
try {
  const call = apiOf(system.url, system.clientId, system.clientSecret);
  const dataset = readDataset(join(root, 'e2e', 'data', 'complete-journey'));
  show(await replay(call, dataset, say), dataset);
} catch (error) {
  console.error(`tearoff: ${error.message}`);
  process.exitCode = 1;
} finally {
  await system.stop();
}

function show({ outcomes, accepted, funnel }, { coupons }) {
  const months = new Map();
  for (const { day, outcome } of outcomes) {
    const month = day.slice(0, 7);
    months.set(month, (months.get(month) ?? 0) + (outcome === 'accepted' ? 1 : 0));
  }
  const refused = new Map();
  for (const { outcome } of outcomes)
    if (outcome !== 'accepted') refused.set(outcome, (refused.get(outcome) ?? 0) + 1);
  const reasons = [...refused].map(([reason, count]) => `${count} ${reason}`).join(', ') || 'none';
  const chart = join(root, '.data', 'demo-funnel.svg');
  mkdirSync(join(root, '.data'), { recursive: true });
  writeFileSync(chart, svgOf(funnel));
  const lines = [
    '',
    'The funnel, as GET /v1/reports/funnel?groupBy=campaign,source tells it:',
    ...tableOf(funnel),
    '',
    'Accepted by the month in which the household really came, in the order of which all were presented:',
    ...barsOf([...months]),
    '',
    `${coupons.length} coupons issued, ${outcomes.length} presented, ${accepted} accepted, ` +
      `${outcomes.length - accepted} refused (${reasons}) in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`,
    'Refused are households that presented the same coupon of the same campaign again: the chain took each of those',
    'twice or more, and a coupon that can be used exactly once cannot be.',
    'A redemption has the time at which it is made: no one can date one back through the API. So by day these reports',
    'show today; months above are those of the data. Baskets and what the mailings cost are not in the data.',
    `Chart: ${chart}`,
  ];
  for (const line of lines) console.log(line);
}

function givenSystem() {
  const { DEMO_URL: url, DEMO_CLIENT_ID: clientId, DEMO_CLIENT_SECRET: clientSecret } = process.env;
  if (!clientId || !clientSecret) fail('DEMO_URL needs DEMO_CLIENT_ID and DEMO_CLIENT_SECRET beside it.');
  return { url: url.replace(/\/+$/, ''), clientId, clientSecret, stop: async () => undefined };
}

async function ownSystem() {
  await prepare();
  say('starting a system of its own');
  const dataDir = mkdtempSync(join(tmpdir(), 'tearoff-demo-'));
  const [port, clientSecret] = [await freePort(), randomBytes(18).toString('hex')];
  const env = {
    ...process.env,
    PORT: String(port),
    DATA_DIR: dataDir,
    BOOTSTRAP_CLIENT_ID: 'demo',
    BOOTSTRAP_CLIENT_SECRET: clientSecret,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'error',
  };
  // It is to be thrown away: nothing of it may end up in a database or a broker that is somebody's.
  for (const name of ['DATABASE_URL', 'RABBITMQ_URL', 'PUBLIC_URL']) delete env[name];
  const main = join(dist, 'apps', 'standalone', 'src', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) fail('the system did not start, see above');
    await pause(200);
  }
  return { url, clientId: 'demo', clientSecret, stop };
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
