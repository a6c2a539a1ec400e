import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

// As costly as N = 2^17, p = 1 (OWASP's equivalents), in an eighth of its memory: 16 MiB each.
const logN = 14;
const r = 8;
const p = 5;
const bytes = 32;
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** At once: 32 MiB, and half of libuv's four threads, whatever many ask. */
const most = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** scrypt (RFC 7914) in PHC string format: `$scrypt$ln=14,r=8,p=5$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  if (running === most) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    const salt = randomBytes(16);
    const hash = await derive(password.normalize('NFKC'), salt, bytes, { N: 2 ** logN, r, p });
    return `$scrypt$ln=${logN},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

const base64 = (value: Buffer): string => value.toString('base64').replace(/=+$/, '');
