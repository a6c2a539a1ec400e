import { DomainError, newId, type RedeemOutcome } from '@tearoff/contracts';
import type { Outbox } from '@tearoff/messaging';
import type { DataSource } from 'typeorm';
import type { CouponLookup } from '../coupons/coupon-lookup';
import type { ReservedCodes } from '../reservations/reserved-codes';
import type { Spending, SpentRow } from './redeem.sql';
import { RedeemService } from './redeem.service';

const accountId = newId('account');
const lost = new DomainError('service.unavailable', 'unavailable', 'Lost.');

const row = (pos: number, parts: Partial<SpentRow>): SpentRow => ({
  pos,
  reason: null,
  spent: false,
  at: new Date(),
  code: 'A',
  coupon_id: newId('coupon'),
  campaign_id: newId('campaign'),
  printed_code: null,
  discount: null,
  redemption_id: null,
  redeemed_at: null,
  redeemed_store_id: null,
  redeemed_ref: null,
  min_basket: null,
  min_currency: null,
  earlier_id: null,
  reversed_refs: null,
  ...parts,
});

/** A service whose database answers each round as told, and is gone after the last. */
function serviceOf(...rounds: ((batch: readonly Spending[]) => SpentRow[])[]) {
  const asked: string[][] = [];
  const lookup = {
    answers: (batch: readonly Spending[]) => {
      asked.push(batch.map(({ code, storeId }) => `${code} ${storeId}`));
      const round = rounds.shift();
      if (!round) return Promise.reject(new Error('Connection terminated'));
      return Promise.resolve(new Map(round(batch).map((answer) => [answer.pos, answer])));
    },
    errorOf: () => lost,
  };
  const reserved = { heldBy: () => Promise.resolve(new Map()) };
  const service = new RedeemService(
    {} as DataSource,
    {} as Outbox,
    lookup as unknown as CouponLookup,
    reserved as unknown as ReservedCodes,
  );
  const redeem = (...stores: [string, string][]) =>
    service.redeem(
      stores.map(([code, storeId]) => ({ accountId, code, storeId })),
      [],
    );
  return { redeem, asked };
}

const word = (outcome: RedeemOutcome | DomainError): string => {
  if (outcome instanceof DomainError) return outcome.code;
  return outcome.outcome === 'refused' ? outcome.reason : outcome.outcome;
};

describe('a batch of redemptions', () => {
  it('puts two spellings that may name one coupon to the database one after the other', async () => {
    const bare = '001234561234560123456';
    const { redeem, asked } = serviceOf(
      (batch) => batch.map(({ pos }) => row(pos, { spent: true })),
      (batch) => batch.map(({ pos }) => row(pos, { reason: 'voided' })),
    );
    await redeem([`8112${bare}`, '1'], [bare, '1']);
    expect(asked).toEqual([[`8112${bare} 1`], [`${bare} 1`]]);
  });

  it('puts each code to the database once a round, and asks again only who may be answered otherwise', async () => {
    const { redeem, asked } = serviceOf(
      (batch) => batch.map(({ pos }) => row(pos, { reason: 'wrong_store' })),
      (batch) => batch.map(({ pos }) => row(pos, { spent: true })),
    );
    const outcomes = await redeem(['A', '1'], ['A', '1'], ['A', '2'], ['A', '3'], ['B', '1']);
    expect(outcomes.map(word)).toEqual([
      'wrong_store',
      'wrong_store',
      'redeemed',
      'already_redeemed',
      'wrong_store',
    ]);
    expect(asked).toEqual([['A 1', 'B 1'], ['A 2']]);
  });

  it.each(['voided', 'expired', 'campaign_paused'])(
    'that is %s answers all of its code at once',
    async (reason) => {
      const { redeem, asked } = serviceOf((batch) => batch.map(({ pos }) => row(pos, { reason })));
      expect((await redeem(['A', '1'], ['A', '2'])).map(word)).toEqual([reason, reason]);
      expect(asked).toHaveLength(1);
    },
  );

  it('keeps what the first round has spent when a later round fails', async () => {
    const { redeem } = serviceOf(([first, second]) => [
      row(first.pos, { spent: true }),
      row(second.pos, { reason: 'min_basket' }),
    ]);
    const outcomes = await redeem(['A', '1'], ['B', '1'], ['B', '2']);
    expect(outcomes.map(word)).toEqual(['redeemed', 'min_basket', 'service.unavailable']);
  });

  it('fails as a whole when nothing was done', async () => {
    await expect(serviceOf().redeem(['A', '1'])).rejects.toThrow('Connection terminated');
  });
});
