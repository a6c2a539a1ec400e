import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { eventually, freePort } from '@tearoff/testing';

const root = join(__dirname, '../../..');
const main = join(root, 'dist/apps/standalone/src/main.js');

interface Run {
  child: ChildProcess;
  output: () => string;
  ready: () => Promise<void>;
  ended: Promise<number | NodeJS.Signals>;
}

const runs: Run[] = [];
const folders: string[] = [];

function run(env: NodeJS.ProcessEnv): Run {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [main], { env: { PATH, HOME, ...env }, cwd: tmpdir() });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)),
  );
  const ready = async (): Promise<void> => {
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(output);
        return output.includes('Tearoff is ready');
      },
      { timeoutMs: 60_000 },
    );
  };
  const started = { child, output: () => output, ready, ended };
  runs.push(started);
  return started;
}

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tearoff-standalone-'));
  folders.push(folder);
  return folder;
}

function shownKey(output: string): Record<string, string> {
  const [, id, secret] = /X-Client-Id +(\S+)\s+X-Client-Secret +(\S+)/.exec(output) ?? [];
  return { 'x-client-id': id, 'x-client-secret': secret, 'content-type': 'application/json' };
}

/** The names of a tar's entries: a header of 512 bytes each, its size in octal at 124, then the content in blocks. */
function namesIn(tar: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const field = (from: number, length: number) =>
      tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    names.push(field(0, 100));
    at += 512 + Math.ceil(parseInt(field(124, 12), 8) / 512) * 512;
  }
  return names;
}

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale'], { cwd: root });
}, 120_000);

afterEach(async () => {
  for (const { child, ended } of runs.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the single process', () => {
  it('shows its first credentials once, survives a kill without losing a redemption, and ends cleanly', async () => {
    const env = {
      PORT: String(await freePort()),
      DATA_DIR: dataDir(),
      // How soon a delivery that a killed process had in hand is taken up again.
      DELIVERY_LEASE_MS: '500',
      DELIVERY_SWEEP_MS: '200',
    };
    const url = `http://localhost:${env.PORT}`;
    const first = run(env);
    await first.ready();
    expect(first.output()).toContain(`${url}/docs`);
    expect(first.output()).toContain(`${url}/sandbox`);
    expect((await fetch(`${url}/sandbox`)).status).toBe(200);
    const headers = shownKey(first.output());
    const post = async (path: string, body: object) => {
      const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Record<string, string> };
    };
    const { body: campaign } = await post('/v1/campaigns', { name: 'Kept' });
    const recipient = { phone: '+447400123456' };
    const { body: coupon } = await post('/v1/coupons', {
      campaignId: campaign.id,
      recipient,
      channel: 'sms',
    });
    expect((await post('/v1/redemptions', { code: coupon.code })).status).toBe(201);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = run(env);
    await second.ready();
    expect(second.output()).not.toMatch(/X-Client-Secret +\S/);
    expect(second.output()).toContain('those printed at the first start');
    expect((await post('/v1/redemptions', { code: coupon.code })).body.code).toBe('coupon.already_redeemed');
    expect((await post('/v1/coupons', { campaignId: campaign.id, recipient })).body.id).toBe(coupon.id);
    // What was told but not yet heard when the process was killed is heard now.
    await eventually(async () => {
      const inbox = await fetch(`${url}/v1/sandbox/messages`, { headers });
      const { data } = (await inbox.json()) as { data: { text: string }[] };
      expect(data.map(({ text }) => text).join()).toContain(coupon.url);
    });
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('Stopped. Everything is kept.');
  }, 240_000);

  it('is reached from this machine only, unless HOST says otherwise, and offers its source; elsewhere the sandbox needs a key', async () => {
    const outside =
      Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';
    const port = String(await freePort());
    const DATA_DIR = dataDir();
    const get = (host: string, path: string) => fetch(`http://${host}:${port}${path}`);
    const statusAt = (host: string, path: string): Promise<number | string> =>
      get(host, path).then(
        ({ status }) => status,
        (error: { cause?: { code?: string } }) => error.cause?.code ?? 'failed',
      );

    const local = run({ PORT: port, DATA_DIR });
    await local.ready();
    expect(local.output()).toContain('Only this machine reaches it (HOST=127.0.0.1)');
    expect(local.output()).toContain('open to anyone on this machine');
    expect(await statusAt('127.0.0.1', '/sandbox')).toBe(200);
    expect(await statusAt(outside, '/health/live')).toBe('ECONNREFUSED');
    expect(await (await get('localhost', '/')).text()).toContain('href="/source.tar.gz"');
    const source = await get('localhost', '/source.tar.gz');
    expect(source.headers.get('content-type')).toBe('application/gzip');
    const names = namesIn(gunzipSync(Buffer.from(await source.arrayBuffer())));
    expect(names).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'package-lock.json',
        'apps/gateway/src/start.ts',
        'docker/Dockerfile',
      ]),
    );
    const secretive = /(^|\/)(\.env|\.git\/|\.data|node_modules|dist\/)(?!\.example)/;
    expect(names.filter((name) => secretive.test(name))).toEqual([]);
    local.child.kill('SIGTERM');
    await local.ended;

    // Links that begin with a public name come from a proxy on this machine, through which others come as well.
    const open = run({ PORT: port, DATA_DIR, HOST: '0.0.0.0', PUBLIC_URL: 'https://coupons.example.com' });
    await open.ready();
    expect(open.output()).toContain('Every network of this machine reaches it (HOST=0.0.0.0)');
    expect(open.output()).toContain('/sandbox   with an API key');
    expect(await statusAt(outside, '/health/live')).toBe(200);
    expect(await statusAt(outside, '/sandbox')).toBe(401);
    expect(await statusAt('127.0.0.1', '/sandbox')).toBe(401);
  }, 240_000);

  it('says plainly that HOST is no address of this machine', async () => {
    const { ended, output } = run({
      PORT: String(await freePort()),
      DATA_DIR: dataDir(),
      HOST: '203.0.113.1',
    });
    expect(await ended).toBe(1);
    expect(output().trim()).toBe(
      'HOST=203.0.113.1 is not an address of this machine that can be listened on (EADDRNOTAVAIL).',
    );
    expect(output()).not.toMatch(/\n\s+at /);
  }, 180_000);

  it('says plainly that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    try {
      const { ended, output } = run({ PORT: String(port), DATA_DIR: dataDir() });
      expect(await ended).toBe(1);
      expect(output().trim()).toBe(
        `Port ${port} is in use: stop what listens there, or set PORT to another one.`,
      );
    } finally {
      other.close();
    }
  });

  it('says plainly that the data folder is in use', async () => {
    const DATA_DIR = dataDir();
    await run({ PORT: String(await freePort()), DATA_DIR }).ready();
    const { ended, output } = run({ PORT: String(await freePort()), DATA_DIR });
    expect(await ended).toBe(1);
    expect(output()).toMatch(/data folder .* is in use by pid \d+/);
    expect(output()).not.toMatch(/\n\s+at /);
  }, 180_000);

  it('names everything that is wrong with its environment', async () => {
    const { ended, output } = run({
      PORT: 'many',
      DATABASE_URL: 'mysql://x',
      LOYALTY_DATABASE_URL: 'mysql://y',
      DATA_DIR: dataDir(),
    });
    expect(await ended).toBe(2);
    expect(output()).toMatch(/LOYALTY_DATABASE_URL/);
    expect(output()).toMatch(/PORT/);
    expect(output()).toMatch(/\bDATABASE_URL/);
  });
});
