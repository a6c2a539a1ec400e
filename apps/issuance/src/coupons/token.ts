import { randomFillSync } from 'node:crypto';

const bytes = 16;
const pool = Buffer.alloc(bytes * 256);
let used = pool.length;

/** What a coupon is opened with: 128 random bits, drawn for 256 at a time, because each draw costs like five. */
export function newToken(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.toString('base64url', used, (used += bytes));
}
