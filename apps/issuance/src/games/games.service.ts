import { Injectable, Logger } from '@nestjs/common';
import {
  timeOfId,
  type DomainError,
  type GetPlayer,
  type MessageContext,
  type PlayOutcome,
  type ReplyOf,
} from '@tearoff/contracts';
import { Clock, isDatabaseUnavailable } from '@tearoff/service-kit';
import { DataSource, In } from 'typeorm';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { CampaignsService } from '../campaigns/campaigns.service';
import { couponOf } from '../coupons/coupon.view';
import { isFull } from '../coupons/issue-plan';
import { addressFor } from '../coupons/message-payload';
import { LockedIssue } from '../coupons/locked-issue';
import { refused } from '../coupons/refusals';
import { Sending } from '../coupons/sending';
import { domainErrorOf, type Repeated } from '../coupons/issue-result';
import { termsOf } from '../coupons/terms';
import { nextPeriod, periodOf } from '../recipients/calendar';
import { identify } from '../recipients/identity';
import { Drawing, type Played } from './drawing';
import { playerNotFound } from './games.errors';
import { readLastOutcome } from './play.sql';
import { PlayerBook } from './player-book';
import { PlayerEntity } from './player.entity';
import { closedToPlay, eligiblePlayOf, type PlayCommand, type EligiblePlay } from './eligible-play';

type Outcome = PlayOutcome | DomainError;

/** An event carries 500 items at most, and the coupons of a batch are one event. */
const maxBatch = 400;

/** How often a replay has a coupon sent again whose message failed: a number that cannot be reached costs each time. */
const resendEveryMs = 10 * 60_000;

@Injectable()
export class GamesService {
  private readonly logger = new Logger(GamesService.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly campaigns: CampaignsService,
    private readonly drawing: Drawing,
    private readonly issue: LockedIssue,
    private readonly sending: Sending,
    private readonly clock: Clock,
  ) {}

  /** One outcome a request, in their order; a request that fails leaves the others alone. */
  async play(requests: readonly PlayCommand[], contexts: readonly MessageContext[]): Promise<Outcome[]> {
    const now = this.clock.now();
    const [campaigns, players] = await Promise.all([
      this.campaigns.byId(requests.map(({ campaignId }) => campaignId)),
      this.players(requests.flatMap(({ playerId }) => playerId ?? [])),
    ]);
    const outcomes: Outcome[] = [];
    const plays: EligiblePlay[] = [];
    requests.forEach((request, position) => {
      const campaign = campaigns.get(request.campaignId);
      const player = players.get(request.playerId ?? '') ?? null;
      const turn = eligiblePlayOf(
        request,
        { position, context: contexts[position] ?? null, campaign, player },
        now,
      );
      if ('keys' in turn) plays.push(turn);
      else outcomes[position] = turn;
    });
    const writable = await this.withoutSuppressed(plays, outcomes, now);
    await Promise.all(batchesOf(writable).map((batch) => this.settle(batch, outcomes, now)));
    return outcomes;
  }

  async player(playerId: string): Promise<ReplyOf<typeof GetPlayer>> {
    const player = (await this.players([playerId])).get(playerId);
    if (!player) throw playerNotFound();
    const { accountId, campaignId } = player;
    const campaign = (await this.campaigns.byId([campaignId])).get(campaignId)!;
    const now = this.clock.now();
    const { manager } = this.dataSource;
    const identity = identify(player.recipient, campaign.limits);
    const keys = typeof identity === 'string' ? [] : identity.keys;
    const open = campaign.game && !closedToPlay(campaign, now) ? campaign.game : null;
    const period = open ? periodOf(open.per, now, campaign.timezone) : '';
    const book = await PlayerBook.open(manager, campaign, [{ keys, player }], { period, now });
    const all = [...new Set([player, ...book.known(keys)])];
    const terms = termsOf(campaign, now);
    const full = isFull(await this.issue.holdings(manager, campaignId, [{ keys }], terms), keys, terms);
    return {
      accountId,
      campaignId,
      nextPlayAt: nextPlayAt(campaign, now),
      mayPlay: open !== null && !full && book.drawOf(all) === undefined,
      last: await readLastOutcome(
        manager,
        all.map(({ id }) => id),
      ),
    };
  }

  private async withoutSuppressed(
    plays: readonly EligiblePlay[],
    outcomes: Outcome[],
    now: Date,
  ): Promise<EligiblePlay[]> {
    const suppressed = await Promise.all(
      plays.map(({ channel, recipient, campaign: { accountId }, context }) =>
        this.sending.isSuppressed(accountId, channel, addressFor(recipient, channel)!, context ?? undefined),
      ),
    );
    return plays.filter(({ position, campaign }, index) => {
      if (suppressed[index])
        outcomes[position] = { ...refused('recipient.suppressed'), nextPlayAt: nextPlayAt(campaign, now) };
      return !suppressed[index];
    });
  }

  private async settle(plays: readonly EligiblePlay[], outcomes: Outcome[], now: Date): Promise<void> {
    try {
      const all = await this.drawing.settle(plays, now);
      await this.sendLost(all, now);
      for (const played of all) outcomes[played.turn.position] = outcomeOf(played, now);
    } catch (error) {
      // With the database away no one knows whether it committed; a play that did is answered when asked again.
      if (plays.length === 1 || isDatabaseUnavailable(error)) {
        this.logger.error(error);
        for (const { position } of plays) outcomes[position] = domainErrorOf(error);
        return;
      }
      this.logger.warn(`${plays.length} plays could not be drawn together: ${String(error)}`);
      for (const turn of plays) await this.settle([turn], outcomes, now);
    }
  }

  /** What a replay finds won and its message failed goes out again; the play stands, whatever becomes of that. */
  private async sendLost(played: readonly Played[], now: Date): Promise<void> {
    const lost = played.flatMap((one) => {
      if (one.refused || !one.repeated || !one.coupon) return [];
      const latest = Math.max(0, ...one.coupon.deliveries.map(({ id }) => timeOfId(id)));
      if (now.getTime() - latest < resendEveryMs) return [];
      const again: Repeated = { ask: one.turn, outcome: 'repeated', coupon: one.coupon };
      return [{ one, again }];
    });
    const repeated = lost.map(({ again }) => again);
    await this.sending.sendWhereMissing(repeated, now).catch((error: unknown) => this.logger.error(error));
    for (const { one, again } of lost) one.coupon = again.coupon;
  }

  private async players(ids: readonly string[]): Promise<Map<string, PlayerEntity>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.manager.findBy(PlayerEntity, { id: In([...new Set(ids)]) });
    return new Map(rows.map((row) => [row.id, row]));
  }
}

function batchesOf(plays: readonly EligiblePlay[]): EligiblePlay[][] {
  const groups = new Map<string, EligiblePlay[]>();
  for (const turn of plays) {
    const group = groups.get(turn.campaign.id);
    if (group) group.push(turn);
    else groups.set(turn.campaign.id, [turn]);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / maxBatch) }, (_, part) =>
      group.slice(part * maxBatch, (part + 1) * maxBatch),
    ),
  );
}

function outcomeOf(played: Played, now: Date): PlayOutcome {
  if (played.refused) {
    const { refused: refusal, turn } = played;
    const personal = refusal.reason.startsWith('recipient.');
    return { ...refusal, ...(personal && { nextPlayAt: nextPlayAt(turn.campaign, now) }) };
  }
  const { turn, campaign, player, coupon, repeated, held } = played;
  const { id: playerId, linkDeliveryId } = player;
  const linkTo = addressFor(turn.recipient, turn.channel)!;
  const answer = { repeated, playerId, linkDeliveryId, linkTo, nextPlayAt: nextPlayAt(campaign, now) };
  if (!coupon) return { outcome: 'lost', ...answer };
  return {
    outcome: 'won',
    ...answer,
    coupon: couponOf(coupon, campaign, now, linkTo),
    ...(held && { limitReached: true }),
  };
}

function nextPlayAt({ game, timezone, status, endsAt }: CampaignEntity, now: Date): string | null {
  const next = game && nextPeriod(game.per, now, timezone);
  return next && status !== 'ended' && (!endsAt || next < endsAt) ? next.toISOString() : null;
}
