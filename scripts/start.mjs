// npm start: everything in one process. --cluster: every service in its own, on your PostgreSQL and RabbitMQ.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, prepare, requireNode, say } from './lib/prepare.mjs';
import { dist } from './lib/stale.mjs';

requireNode();
const cluster = process.argv.includes('--cluster');
if (cluster) requireServers();
await prepare();

if (cluster) {
  const { runCluster } = await import('./lib/cluster.mjs');
  await runCluster();
} else {
  const main = join(dist, 'apps', 'standalone', 'src', 'main.js');
  if (!existsSync(main)) fail('apps/standalone is not there: is this checkout complete?');
  say('starting');
  // In this process: signals, exit code and terminal are the service's own, with nothing in between to lose them.
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
}

function requireServers() {
  const missing = ['DATABASE_URL', 'RABBITMQ_URL'].filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  fail(
    `${missing.join(' and ')} must be set: the services of a cluster meet in PostgreSQL and RabbitMQ.\n` +
      '  For example: DATABASE_URL=postgres://postgres@127.0.0.1:5432/tearoff ' +
      'RABBITMQ_URL=amqp://guest:guest@127.0.0.1:5672 npm run start:cluster\n' +
      '  With nothing but Node installed: npm start',
  );
}
