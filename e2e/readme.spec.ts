import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, eventually, freePort, type TestDatabase } from '@tearoff/testing';
import { start, type RunningStandalone } from '../apps/standalone/src/start';

const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
const [first, second] = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);

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

  const run = async (script: string): Promise<Record<string, unknown>[]> => {
    const filled = script
      .replace('http://localhost:3000 KEY', `${url} KEY`)
      .replace('<X-Client-Id>:<X-Client-Secret>', 'reader:a-secret-of-the-reader-0123456789');
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', filled], { cwd: folder });
    const lines = stdout
      .replaceAll('}{', '}\n{')
      .replace(/"claim":(?=\{"public")/, '\n')
      .split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('issue a coupon by SMS, show it in the sandbox, spend it once and see it refused the second time', async () => {
    expect(first.trim().split('\n').length).toBeLessThanOrEqual(10);
    const [coupon, messages, validation, redemption, refused, list] = await run(first);
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

  it('serve a list, open the page where coupons are claimed, and tell what each source brought', async () => {
    const settings = first.split('\n').filter((line) => /^(export|CAMPAIGN)/.test(line));
    const [list, job, claim, { page }, funnel] = await run([...settings, second].join('\n'));
    expect(job).toMatchObject({ id: list.jobId, kind: 'distribution', failed: 0 });
    expect(claim).toMatchObject({ public: true, country: 'GB' });
    expect(await (await fetch(String(page))).text()).toContain('20% off');
    expect(funnel).toHaveProperty('total.issued');
    const campaignId = /cam_[0-9a-z]+/.exec(String(page))![0];
    await eventually(async () => {
      const [told] = await run(
        `curl -s -u 'reader:a-secret-of-the-reader-0123456789' '${url}/v1/reports/funnel?campaignId=${campaignId}&groupBy=source'`,
      );
      expect(told.data).toEqual([expect.objectContaining({ issued: 2, sent: 2, redeemed: 0 })]);
    });
  });
});
