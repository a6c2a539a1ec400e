import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres';
import type { EmbeddedPostgres } from './embedded-postgres';
import { isRunning } from './process-info';

const holder = join(__dirname, 'test', 'holder.ts');
const compiler = join(__dirname, '..', '..', '..', '..', 'scripts', 'lib', 'register.cjs');
const asRoot = process.getuid?.() === 0;

let dataDir: string;
let messages: string[];
const cleanups: (() => void | Promise<void>)[] = [];

beforeEach(() => {
  messages = [];
  dataDir = mkdtempSync(join(tmpdir(), 'tearoff-embedded-'));
  // mkdtemp makes it for us alone; a DATA_DIR is normally open.
  chmodSync(dataDir, 0o755);
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('embedded PostgreSQL', () => {
  it('starts on an empty folder, keeps what was committed and starts again on it', async () => {
    const first = await start();
    await query(first.url, 'create table kept (n int)');
    await query(first.url, 'insert into kept values (42)');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  it('makes every commit durable', async () => {
    const { url } = await start();
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      expect(await query(url, `show ${setting}`)).toEqual([{ [setting]: 'on' }]);
    }
  });

  it("keeps the values of a refused row out of the server's log", async () => {
    const { url, folder } = await start();
    await query(url, 'create table person (phone text primary key)');
    await query(url, `insert into person values ('+447400123456')`);
    await expect(query(url, `insert into person select '+44' || 7400123456::text`)).rejects.toMatchObject({
      detail: expect.stringContaining('+447400123456'),
    });
    const log = readFileSync(join(folder, 'server.log'), 'utf8');
    expect(log).toContain('duplicate key value violates unique constraint "person_pkey"');
    expect(log).not.toContain('+447400123456');
  });

  it('listens on 127.0.0.1 only and asks for its password', async () => {
    const { url, folder } = await start();
    expect(await query(url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = url.replace(/:[^:@/]+@/, ':wrong@');
    await expect(query(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(folder, 'password')).mode & 0o077).toBe(0);
  });

  it('can be stopped twice', async () => {
    const server = await start();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    await expect(query(server.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('refuses a folder whose owner is alive and names its pid', async () => {
    const owner = await startHolder();
    await expect(start()).rejects.toThrow(`is in use by pid ${owner.process.pid}`);
    expect(await query(owner.url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('takes over from an owner that was killed, without losing a commit', async () => {
    const owner = await startHolder();
    await query(owner.url, 'create table kept (n int)');
    const orphan = Number(
      readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    await query(owner.url, 'insert into kept values (7)');
    await kill(owner.process);
    expect(isRunning(orphan)).toBe(true);

    const next = await start();
    expect(await query(next.url, 'select n from kept')).toEqual([{ n: 7 }]);
    expect(isRunning(orphan)).toBe(false);
    expect(messages.join('\n')).toContain(`pid ${orphan}`);
  });

  it('recovers when owner and server were both killed', async () => {
    const owner = await startHolder();
    await query(owner.url, 'create table kept as select 9 as n');
    const server = Number(
      readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(server, 'SIGKILL');
    await kill(owner.process);
    const next = await start();
    expect(await query(next.url, 'select n from kept')).toEqual([{ n: 9 }]);
  });

  it('begins afresh when its very first start was cut short', async () => {
    mkdirSync(join(dataDir, 'postgres', 'data.new'), { recursive: true });
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says so when the asked port is in use', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    cleanups.push(() => void busy.close());
    const { port } = busy.address() as AddressInfo;
    await expect(start({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  });

  it('reports a server that ends by itself', async () => {
    const reported = new Promise<string>((resolve) => {
      void start({ onUnexpectedExit: resolve }).then(({ folder }) => {
        const [pid] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
        process.kill(Number(pid), 'SIGQUIT');
      });
    });
    expect(await reported).toContain('PostgreSQL ended by itself');
  });

  if (asRoot) {
    it('puts the data where its user can get, and says where, when the folder is for root alone', async () => {
      const closed = join(dataDir, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      const server = await start({ dataDir: closed });
      cleanups.unshift(() => rmSync(server.folder, { recursive: true, force: true }));
      expect(server.folder.startsWith(closed)).toBe(false);
      expect(messages.join('\n')).toContain(server.folder);
      expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('never runs the server as root', async () => {
      const { folder } = await start();
      const [pid] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
      expect(statSync(join(folder, 'data')).uid).not.toBe(0);
      expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    });
  }
});

async function start(
  options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir,
    log: (message) => messages.push(message),
    ...options,
  });
  cleanups.push(() => server.stop());
  return server;
}

/** Another process that owns the folder. */
async function startHolder(): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['-r', compiler, holder, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanups.push(() => kill(child));
  for await (const line of createInterface({ input: child.stdout })) return { process: child, url: line };
  throw new Error('the owning process ended before its server was up');
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
