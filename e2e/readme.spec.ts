import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, freePort, type TestDatabase } from '@tearoff/testing';
import { start, type RunningStandalone } from '../apps/standalone/src/start';

const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
const lines = /```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

describe('the lines of curl in the README', () => {
  let database: TestDatabase;
  let system: RunningStandalone;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'tearoff-readme-'));
    const port = await freePort();
    url = `http://localhost:${port}`;
    const env = {
      PORT: String(port),
      DATABASE_URL: database.url,
      BOOTSTRAP_CLIENT_ID: 'reader',
      BOOTSTRAP_CLIENT_SECRET: 'a-secret-of-the-reader-0123456789',
      LOG_LEVEL: 'error',
    };
    system = await start({ env });
  });
  afterAll(async () => {
    await system?.stop();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('issue a coupon by SMS, show it in the sandbox, spend it once and see it refused the second time', async () => {
    const script = lines
      .replace('http://localhost:3000 KEY', `${url} KEY`)
      .replace('<X-Client-Id>:<X-Client-Secret>', 'reader:a-secret-of-the-reader-0123456789');
    expect(script.trim().split('\n').length).toBeLessThanOrEqual(10);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder });
    const answers = stdout.replaceAll('}{', '}\n{').split('\n').filter(Boolean).map(parse);
    const [coupon, messages, validation, redemption, refused, list] = answers;
    expect(coupon).toMatchObject({
      status: 'issued',
      repeated: false,
      delivery: { channel: 'sms', status: 'sent' },
    });
    expect(messages.data).toEqual([
      expect.objectContaining({ to: '+447911123456', text: expect.stringContaining(String(coupon.url)) }),
    ]);
    expect(validation).toMatchObject({ valid: true, code: coupon.code });
    expect(redemption).toMatchObject({ code: coupon.code, discount: { amount: 1_000 }, storeId: 'kyiv-1' });
    expect(refused).toMatchObject({ status: 409, code: 'coupon.already_redeemed', storeId: 'kyiv-1' });
    expect(list.data).toHaveLength(1);
  });
});

const parse = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>;
