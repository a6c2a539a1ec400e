import { createHash, hash, type Hash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';

/** SHA-256 of what was asked; the order of a JSON object's members does not matter. */
export function fingerprintOf(method: string, url: string, body: unknown): Buffer {
  return hash('sha256', `${method} ${url}\n${canonical(body)}`, 'buffer');
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}

/** A stream that passes through while its SHA-256 is taken; null until it has ended. */
export class HashedStream extends Transform {
  digest: Buffer | null = null;
  private readonly sum: Hash = createHash('sha256');

  static of(source: Readable): HashedStream {
    const hashed = new HashedStream();
    source.once('error', (error) => hashed.destroy(error));
    return source.pipe(hashed);
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    next: (error: null, chunk: Buffer) => void,
  ): void {
    this.sum.update(chunk);
    next(null, chunk);
  }

  override _flush(next: () => void): void {
    this.digest = this.sum.digest();
    next();
  }
}
