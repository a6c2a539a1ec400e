import { randomFillSync } from 'node:crypto';

/** The kinds of object that carry an id; the prefix is part of the id and of the public API. */
export const idPrefixes = {
  account: 'acc',
  apiKey: 'key',
  campaign: 'cam',
  card: 'crd',
  claim: 'clm',
  consent: 'cns',
  contact: 'con',
  coupon: 'cpn',
  delivery: 'dlv',
  entry: 'ent',
  erasure: 'ers',
  event: 'evt',
  job: 'job',
  member: 'mem',
  pass: 'pas',
  player: 'ply',
  redemption: 'red',
  reservation: 'res',
  reward: 'rwd',
  rewardIssue: 'rwi',
  run: 'run',
  spend: 'spd',
  store: 'sto',
  suppression: 'sup',
  template: 'tpl',
  webhook: 'whk',
  webhookAttempt: 'wha',
  workflow: 'wfl',
} as const;

export type IdKind = keyof typeof idPrefixes;

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';
const pool = Buffer.alloc(10 * 256);
let used = pool.length;

/**
 * A new id: prefix, `_`, then 26 characters of Crockford base 32 holding 48 bits of milliseconds and
 * 80 random bits (the ULID layout). Ordered in time, so that an index on it grows at its right edge.
 */
export function newId(kind: IdKind, now = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = crockford[rest % 32] + time;
  let random = '';
  for (let i = 0; i < 2; i++) {
    let bits = pool.readUIntBE(used + i * 5, 5);
    let part = '';
    for (let j = 0; j < 8; j++, bits = Math.floor(bits / 32)) part = crockford[bits % 32] + part;
    random += part;
  }
  used += 10;
  return `${idPrefixes[kind]}_${time}${random}`;
}

/** An id of ours from the 128 bits that it stands for. */
export function idOfBytes(kind: IdKind, bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let i = 0; i < 26; i++, rest /= 32n) text = crockford[Number(rest % 32n)] + text;
  return `${idPrefixes[kind]}_${text}`;
}

/** The 128 bits that an id stands for. */
export function bytesOfId(id: string): Buffer {
  let bits = 0n;
  for (const digit of id.slice(id.indexOf('_') + 1)) bits = bits * 32n + BigInt(crockford.indexOf(digit));
  return Buffer.from(bits.toString(16).padStart(32, '0'), 'hex');
}

/** When an id was made by `newId`: milliseconds since 1970. */
export function timeOfId(id: string): number {
  const time = id.slice(id.indexOf('_') + 1).slice(0, 10);
  return [...time].reduce((sum, digit) => sum * 32 + crockford.indexOf(digit), 0);
}

/** JSON Schema pattern of an id of that kind. Loose on length, so that ids can grow. */
export const idPattern = (kind: IdKind): string => `^${idPrefixes[kind]}_[0-9a-z]{10,40}$`;
