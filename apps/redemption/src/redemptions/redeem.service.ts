import { Injectable } from '@nestjs/common';
import {
  DomainError,
  newId,
  type MessageContext,
  type RedeemCode,
  type Redemption,
  type RedeemOutcome,
  type RequestOf,
} from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import {
  isStorable,
  isStorableJson,
  prepared,
  retryOnConflict,
  unstorableCharacters,
} from '@tearoff/service-kit';
import { DataSource, In } from 'typeorm';
import { CouponLookup } from '../coupons/coupon-lookup';
import { reservationNotFound } from '../reservations/reservation.errors';
import { completedBy, ReservedCodes } from '../reservations/reserved-codes';
import { codesIn, questionOf, readingsOf, type Readings } from './question';
import { codeMissing } from './redemption.errors';
import { RedemptionEntity, redemptionView } from './redemption.entity';
import { redeemStatement, redeemValues, type Spending, type SpentRow } from './redeem.sql';
import {
  firstOfEachCode,
  followers,
  answerForRepeats,
  unknownCode,
  verdictOf,
  type Verdict,
} from './redeem-round';

type Request = RequestOf<typeof RedeemCode>;
type Result = RedeemOutcome | DomainError;

@Injectable()
export class RedeemService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly lookup: CouponLookup,
    private readonly reserved: ReservedCodes,
  ) {}

  /**
   * Settles a batch in rounds: of each code the first question is put to the database, and what it learnt
   * answers the others of that code, or leaves them to the next round. Nearly always there is one round.
   */
  async redeem(requests: readonly Request[], contexts: readonly MessageContext[]): Promise<Result[]> {
    const results: Result[] = requests.map(() => unknownCode);
    const repeats: { spending: Spending; redemptionId: string }[] = [];
    const settle = (spending: Spending, verdict: Verdict): void => {
      if ('repeats' in verdict) repeats.push({ spending, redemptionId: verdict.repeats });
      else results[spending.pos] = verdict.result;
    };

    let open = await this.spendings(requests, contexts, results);
    for (let round = 1; open.length > 0; round++) {
      const batch = firstOfEachCode(open);
      let answers: Map<number, SpentRow | DomainError>;
      try {
        answers = await this.lookup.answers(batch, (part) => this.spend(part));
      } catch (error) {
        // After the first round some are spent for good: only these can be said to have failed.
        if (round === 1) throw error;
        for (const spending of open) results[spending.pos] = this.lookup.errorOf(error);
        break;
      }
      const later: Spending[] = [];
      for (const [first, others] of followers(batch, open)) {
        const answer = answers.get(first.pos);
        settle(first, verdictOf(first, answer));
        const standing = answerForRepeats(first, answer);
        for (const other of others) {
          const verdict = standing(other);
          if (verdict) settle(other, verdict);
          else later.push(other);
        }
      }
      open = later;
    }
    await this.answerRepeats(repeats, results);
    return results;
  }

  private async spend(batch: readonly Spending[]): Promise<SpentRow[]> {
    const rows = await retryOnConflict(() =>
      prepared<SpentRow>(this.dataSource, redeemStatement, redeemValues(batch)),
    );
    if (rows.some(({ spent }) => spent)) this.outbox.wake();
    return rows;
  }

  /** What is worth asking the database; the rest is answered in `results` already. */
  private async spendings(
    requests: readonly Request[],
    contexts: readonly MessageContext[],
    results: Result[],
  ): Promise<Spending[]> {
    const reservations = await this.reserved.heldBy(requests);
    return requests.flatMap((asked, pos) => {
      const held = reservations.get(pos);
      const request = held ? completedBy(asked, held) : asked;
      const basketJson = request.basket ? JSON.stringify(request.basket) : null;
      const texts = [request.storeId, request.terminalId, request.transactionRef];
      if (texts.some((text) => text && !isStorable(text)) || (basketJson && !isStorableJson(basketJson))) {
        results[pos] = unstorableCharacters();
        return [];
      }
      const named = request.code === undefined ? undefined : readingsOf(request.code);
      if (request.reservationId !== undefined && !isHeld(held?.code, named)) {
        results[pos] = reservationNotFound();
        return [];
      }
      const readings = held ? { code: held.code, otherCode: null } : named;
      if (readings === undefined) results[pos] = codeMissing();
      if (!readings) return [];
      return {
        ...questionOf(request, readings, pos, contexts[pos]),
        terminalId: request.terminalId ?? null,
        transactionRef: request.transactionRef ?? null,
        basketJson,
        newRedemptionId: newId('redemption'),
      };
    });
  }

  /** The redemption that each repeats, read after it is known to stand: the statement may not have seen it yet. */
  private async answerRepeats(
    repeats: readonly { spending: Spending; redemptionId: string }[],
    results: Result[],
  ): Promise<void> {
    if (repeats.length === 0) return;
    try {
      const rows = await this.dataSource.getRepository(RedemptionEntity).findBy({
        accountId: In([...new Set(repeats.map(({ spending }) => spending.accountId))]),
        id: In([...new Set(repeats.map(({ redemptionId }) => redemptionId))]),
      });
      const byId = new Map<string, Redemption>(rows.map((row) => [row.id, redemptionView(row)]));
      for (const { spending, redemptionId } of repeats)
        results[spending.pos] = { outcome: 'repeated', redemption: byId.get(redemptionId)! };
    } catch (error) {
      for (const { spending } of repeats) results[spending.pos] = this.lookup.errorOf(error);
    }
  }
}

/** Whether there is a reservation, and its code is the one that the till names, where it names one. */
const isHeld = (code: string | undefined, named: Readings | null | undefined): boolean =>
  code !== undefined && (named === undefined || (named !== null && codesIn(named).includes(code)));
