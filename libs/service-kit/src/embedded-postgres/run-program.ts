import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { program } from './postgres-binaries';
import type { PostgresBinaries } from './postgres-binaries';
import type { ServerUser } from './server-home';

/** Runs one of PostgreSQL's programs to its end; `output` is everything it said. */
export function runProgram(
  binaries: PostgresBinaries,
  name: 'initdb' | 'pg_ctl',
  args: string[],
  user: ServerUser | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program(binaries, name), args, {
      ...user,
      cwd: dirname(binaries.root),
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: output.trim() }));
  });
}

/** Our own environment would let PGDATA, PGPORT or a strange locale change what the server does. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of kept) if (process.env[name]) env[name] = process.env[name];
  return env;
}
