import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Plain SHA-256, on purpose: bcrypt and its like slow down the guessing of what people make up; 256 random
 * bits cannot be guessed at any speed, and every request pays for the hash.
 */
export const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');

export const isSecret = (secret: string, expected: Buffer): boolean =>
  timingSafeEqual(hashOf(secret), expected);
