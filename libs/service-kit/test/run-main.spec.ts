import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the fixture as a process of its own and, once it is up, sends it the signals. */
async function run(env: Record<string, string>, ...signals: NodeJS.Signals[]): Promise<Ended> {
  const file = join(__dirname, 'main.fixture.ts');
  const child = spawn(process.execPath, ['-r', join(__dirname, '../../../scripts/lib/register.cjs'), file], {
    env: { PATH: process.env.PATH, ...env },
  });
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    const wasUp = out.includes('up\n');
    out += chunk.toString();
    if (!wasUp && out.includes('up\n') && signals[0]) child.kill(signals[0]);
    if (signals[1] && out.includes('"stopping"')) child.kill(signals[1]);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('runMain', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s and ends with 0', async (signal) => {
    const { code, out } = await run({ MODE: 'works', NEEDED: '1' }, signal);
    expect(out).toContain('stopped cleanly');
    expect(code).toBe(0);
  });

  it('gives up a stop that hangs after SHUTDOWN_TIMEOUT_MS', async () => {
    const { code, out } = await run({ MODE: 'hangs', NEEDED: '1', SHUTDOWN_TIMEOUT_MS: '100' }, 'SIGTERM');
    expect(out).toContain('did not stop in time');
    expect(code).toBe(1);
  });

  it('ends at once on a second signal', async () => {
    const { code } = await run(
      { MODE: 'hangs', NEEDED: '1', SHUTDOWN_TIMEOUT_MS: '60000' },
      'SIGINT',
      'SIGTERM',
    );
    expect(code).toBe(1);
  });

  it('takes the same signal twice in a row, as npm passes a Ctrl-C on, for one', async () => {
    const { code, out } = await run({ MODE: 'works', NEEDED: '1' }, 'SIGINT', 'SIGINT');
    expect(out).toContain('stopped cleanly');
    expect(code).toBe(0);
  });

  it('prints a wrong environment plainly and ends with 2', async () => {
    const { code, err } = await run({ NEEDED: 'many' });
    expect(err).toBe(
      'fixture: The environment is not complete:\n  MODE is required\n  NEEDED must be integer\n',
    );
    expect(code).toBe(2);
  });

  it('logs why it could not start and ends with 1', async () => {
    const { code, out } = await run({ MODE: 'cannot start', NEEDED: '1' });
    expect(JSON.parse(out)).toMatchObject({
      level: 'fatal',
      service: 'fixture',
      msg: 'could not start',
      err: { message: 'the broker said no' },
    });
    expect(code).toBe(1);
  });

  it('stops cleanly after an error that no one caught, and ends with 1', async () => {
    const { code, out } = await run({ MODE: 'crashes', NEEDED: '1' });
    expect(out).toContain('"message":"forgotten"');
    expect(out).toContain('stopped cleanly');
    expect(code).toBe(1);
  });
});
