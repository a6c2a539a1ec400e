import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Plain SHA-256, on purpose: bcrypt and its like slow down the guessing of what people make up; 256 random
 * bits cannot be guessed at any speed, and every request pays for the hash.
 */
export const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function isSame(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}

export const isSecret = (secret: string, expected: Buffer): boolean =>
  timingSafeEqual(hashOf(secret), expected);
