import { Injectable } from '@nestjs/common';
import { DomainError, normaliseCode } from '@tearoff/contracts';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { addressOf } from '../rate-limits/address';
import { GuessLimits } from '../rate-limits/guess-limits';
import { GuessingReports } from './guessing-reports';
import { unknownCodes } from './till.metrics';

/**
 * Unknown codes of one key, store and address, and of one key from everywhere that it never named a good code from:
 * thirty a minute, and sixty at once, are far more than honest typing errors. `debt` bounds how long a till waits
 * after a flood that was let in before any of it was known to be wrong: two minutes.
 */
const rates = {
  pair: { rate: 1 / 2, burst: 60, debt: 60 },
  subject: { rate: 5, burst: 600, debt: 600 },
};
const hourMs = 3_600_000;

export type TillRequest = Pick<FastifyRequest, 'caller' | 'ip'>;
/** What a till names. */
export interface Named {
  code?: string;
  storeId?: string;
}

/**
 * Slows down who tries codes: counted where a code turns out to be unknown, refused before the next is looked up. A
 * good code that was not seen within the hour takes one unknown off, so that a busy shop with its typing errors is
 * never slowed, and a code that was good a moment ago passes at any time. Per process (ADR 26).
 */
@Injectable()
export class CodeGuesses {
  private readonly limits = new GuessLimits(rates);
  private readonly goodCodes = new LRUCache<string, true>({ max: 50_000, ttl: hourMs });
  private readonly unknown = new LRUCache<string, number>({ max: 10_000, ttl: hourMs });
  private readonly counter = unknownCodes();

  constructor(private readonly reports: GuessingReports) {}

  /** Fails with `coupon.too_many_unknown`. */
  mayAsk(request: TillRequest, { code, storeId }: Named): void {
    if (code === undefined) return;
    const seconds = this.limits.wait(...placeOf(request, storeId));
    if (seconds === 0 || this.goodCodes.has(goodName(request, code))) return;
    this.counter.inc({ answer: 'slowed' });
    throw new DomainError(
      'coupon.too_many_unknown',
      'unavailable',
      'Too many unknown codes. Wait a moment before the next.',
      { retryAfterSeconds: seconds },
    );
  }

  /** What became of a code that was asked about. */
  learn(request: TillRequest, { code, storeId }: Named, isUnknown: boolean): void {
    if (code === undefined) return;
    const place = placeOf(request, storeId);
    if (!isUnknown) {
      const good = goodName(request, code);
      if (this.goodCodes.has(good)) return;
      this.goodCodes.set(good, true);
      this.limits.wasRight(...place);
      return;
    }
    this.counter.inc({ answer: 'not_found' });
    this.limits.count(...place);
    this.suspect(request, storeId, place);
  }

  private suspect({ caller }: TillRequest, storeId: string | undefined, place: Place): void {
    const { accountId, keyId: apiKeyId } = caller;
    const name = `${apiKeyId} ${storeId ?? ''}`;
    const unknown = (this.unknown.get(name) ?? 0) + 1;
    this.unknown.set(name, unknown);
    if (this.limits.wait(...place) === 0) return;
    // Where stores are invented to get more tries, none of them is to blame.
    const isOfStore = this.limits.waitOfPair(...place) > 0;
    this.reports.report({
      accountId,
      apiKeyId,
      storeId: isOfStore ? (storeId ?? null) : null,
      unknownCodes: unknown,
    });
  }
}

type Place = [subject: string, address: string];

/** The key, and from which store and address it is used. */
const placeOf = ({ caller, ip }: TillRequest, storeId = ''): Place => [
  caller.keyId,
  `${addressOf(ip)} ${storeId}`,
];

const goodName = ({ caller }: TillRequest, code: string): string =>
  `${caller.accountId} ${normaliseCode(code)}`;
