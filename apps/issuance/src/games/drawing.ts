import { Injectable } from '@nestjs/common';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { CampaignEntity } from '../campaigns/campaign.entity';
import type { CouponEntity } from '../coupons/coupon.entity';
import { couponsById } from '../coupons/coupons-by-id';
import { isFull } from '../coupons/issue-plan';
import { LockedIssue } from '../coupons/locked-issue';
import { refused, type Refused } from '../coupons/refusals';
import { retryUntilDecided } from '../coupons/issue-retry';
import { termsOf } from '../coupons/terms';
import { isWin, roll } from '../draws/draw';
import { periodOf } from '../recipients/calendar';
import { PlayerBook, type Draw } from './player-book';
import type { PlayerEntity } from './player.entity';
import { closedToPlay, type EligiblePlay } from './eligible-play';

/** What became of a turn; `coupon` when it was won. */
export type Played =
  | { turn: EligiblePlay; refused: Refused }
  | {
      turn: EligiblePlay;
      refused: null;
      campaign: CampaignEntity;
      player: PlayerEntity;
      coupon: CouponEntity | null;
      repeated: boolean;
      held: boolean;
    };

interface Answer {
  turn: EligiblePlay;
  player: PlayerEntity;
  /** Of their coupon alone where they may win no more: then nothing was drawn. */
  draw: Pick<Draw, 'outcome' | 'couponId'>;
  repeated: boolean;
  held?: boolean;
}

/**
 * Draws plays and issues what they win: one transaction a batch, which holds lane 0 of the campaign from
 * before it reads what has been played until it commits. So a replay, or a play made at the same moment
 * elsewhere, meets the first one's record, and a record without its coupon cannot be.
 */
@Injectable()
export class Drawing {
  constructor(
    private readonly outbox: Outbox,
    private readonly issue: LockedIssue,
  ) {}

  /** All turns are of one campaign. */
  async settle(plays: readonly EligiblePlay[], now: Date): Promise<Played[]> {
    // Cast once, not once an attempt: only wins issue, so to cast again after a failed attempt would favour losing.
    const rolls = plays.map(() => roll());
    const played = await retryUntilDecided(() =>
      this.outbox.transaction((tx) => this.decideIn(tx, plays, rolls, now)),
    );
    if (played.some((one) => !one.refused && !one.repeated && one.coupon)) this.outbox.wake();
    return played;
  }

  private async decideIn(
    tx: Transaction,
    plays: readonly EligiblePlay[],
    rolls: readonly number[],
    now: Date,
  ): Promise<Played[]> {
    const { id: campaignId } = plays[0].campaign;
    await tx.query(`select from campaign_counter where campaign_id = $1 and lane = 0 for update`, [
      campaignId,
    ]);
    // Read again: what is drawn is drawn by the rules as they are now.
    const campaign = await tx.findOneByOrFail(CampaignEntity, { id: campaignId });
    const closed = closedToPlay(campaign, now);
    if (closed) return plays.map((turn) => ({ turn, refused: closed }));
    const { winChance, per } = campaign.game!;
    const terms = termsOf(campaign, now);
    const period = periodOf(per, now, campaign.timezone);
    const book = await PlayerBook.open(tx, campaign, plays, { period, now });
    const holdings = await this.issue.holdings(tx, campaignId, plays, terms);

    const wins: { turn: EligiblePlay; draw: Draw }[] = [];
    const answers = plays.map((turn, index): Answer | Extract<Played, { refused: Refused }> => {
      const players = book.of(turn);
      const [player] = players;
      const before = book.drawOf(players);
      if (before) return { turn, player, draw: before, repeated: true };
      if (isFull(holdings, turn.keys, terms)) {
        if (campaign.limits.onRepeat === 'reject')
          return { turn, refused: refused('recipient.limit_reached') };
        const couponId = holdings.again(turn.keys)!;
        return { turn, player, draw: { outcome: 'won', couponId }, repeated: true, held: true };
      }
      const draw: Draw = { ...lost, roll: rolls[index], chance: winChance, drawnAt: now };
      book.record(players, draw);
      if (isWin(draw.roll, winChance)) wins.push({ turn: { ...turn, campaign }, draw });
      return { turn, player, draw, repeated: false };
    });
    const coupons = await this.give(tx, wins, now);
    await book.write(tx);
    await this.addHeld(tx, campaign, coupons, answers);
    return answers.map((answer) => {
      if ('refused' in answer) return answer;
      const { turn, player, draw, repeated, held = false } = answer;
      const coupon = draw.couponId === null ? null : coupons.get(draw.couponId)!;
      return { turn, refused: null, campaign, player, coupon, repeated, held };
    });
  }

  /** Completes the draws of those for whom there was something left to win; the others have lost. */
  private async give(
    tx: Transaction,
    wins: readonly { turn: EligiblePlay; draw: Draw }[],
    now: Date,
  ): Promise<Map<string, CouponEntity>> {
    const coupons = new Map<string, CouponEntity>();
    if (wins.length === 0) return coupons;
    const settled = await this.issue.decideIn(
      tx,
      wins.map(({ turn }) => turn),
      now,
    );
    settled.forEach((one, index) => {
      if (one.outcome !== 'issued' && one.outcome !== 'repeated') return;
      const { id, offerId } = one.coupon;
      coupons.set(id, one.coupon);
      Object.assign(wins[index].draw, { outcome: 'won', couponId: id, offerId });
    });
    return coupons;
  }

  private async addHeld(
    tx: Transaction,
    { accountId }: CampaignEntity,
    coupons: Map<string, CouponEntity>,
    answers: readonly object[],
  ): Promise<void> {
    const ids = (answers as Partial<Answer>[]).flatMap(({ draw }) =>
      draw?.couponId && !coupons.has(draw.couponId) ? [draw.couponId] : [],
    );
    if (ids.length === 0) return;
    const rows = await couponsById(tx, accountId, ids);
    for (const row of rows) coupons.set(row.id, row);
  }
}

const lost = { outcome: 'lost', offerId: null, couponId: null } as const;
