import { randomBytes } from 'node:crypto';

/** What a card's page is opened with: 128 random bits. */
export const newToken = (): string => randomBytes(16).toString('base64url');
