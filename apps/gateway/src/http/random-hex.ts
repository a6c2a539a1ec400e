import { randomBytes } from 'node:crypto';

// Drawn by the thousand: asked for one at a time, randomness costs a request more than reading its headers.
const drawnBytes = 6_144;
let drawn = '';
let taken = 0;

/** So many random hexadecimal digits, none of them given out twice. At most 12,288. */
export function randomHex(digits: number): string {
  if (taken + digits > drawn.length) {
    drawn = randomBytes(drawnBytes).toString('hex');
    taken = 0;
  }
  return drawn.slice(taken, (taken += digits));
}
