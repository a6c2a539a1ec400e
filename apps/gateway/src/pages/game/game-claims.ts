import { setTimeout as until } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  GetCampaign,
  Play,
  SendNotice,
  type Channel,
  type IssueRefusal,
  type MessageContext,
  type PlayOutcome,
  type RecipientInput,
  type RequestOf,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { ClaimBreaker } from '../claims/claim-breaker';
import { refusalOf } from '../../api/coupons/issue-refusals';
import { languageOf } from '../coupon/texts/texts';
import { gameTextsOf } from './texts/texts';
import { GameLinks } from './game-links';

/** A claim of a campaign of type `game` that has passed every gate. */
export interface GameClaim {
  accountId: string;
  campaignId: string;
  recipient: RecipientInput;
  channel: Channel;
  source: RequestOf<typeof Play>['source'];
  context: MessageContext;
}

type Registered = Exclude<PlayOutcome, { outcome: 'refused' }>;

/** `nextPlayAt`: ISO 8601; null when there is no next play. */
export interface GameAnswer {
  status: 'won' | 'lost';
  nextPlayAt: string | null;
}

/**
 * No answer comes sooner: who may not be written to, or has won enough, is not drawn for and not sent to, and that
 * would show. A play takes a tenth of it.
 */
const soonestMs = 150;

/** What would tell a stranger who types their number more about a person than a play does. */
const kept: ReadonlySet<IssueRefusal> = new Set(['recipient.suppressed', 'recipient.limit_reached']);

/** A first play, by the number that someone typed; it registers them, and brings them the link to later ones. */
@Injectable()
export class GameClaims {
  constructor(
    private readonly commands: CommandClient,
    private readonly links: GameLinks,
    private readonly breaker: ClaimBreaker,
  ) {}

  /**
   * Safe to repeat: the play is the one that was made, the link the one that was sent. Fails as `POST /v1/coupons`
   * is refused, and as `unavailable` when the link could not be sent: asked again, it is.
   */
  async play(claim: GameClaim): Promise<GameAnswer> {
    const [answer] = await Promise.all([this.drawn(claim), until(soonestMs)]);
    return answer;
  }

  private async drawn({ context, ...claim }: GameClaim): Promise<GameAnswer> {
    const played = await this.commands.send(Play, claim, { context });
    if (played.outcome === 'refused') {
      if (kept.has(played.reason)) return { status: 'lost', nextPlayAt: played.nextPlayAt ?? null };
      throw refusalOf(played);
    }
    const { playerId, nextPlayAt } = played;
    const won = played.outcome === 'won' && !played.limitReached;
    const sent = nextPlayAt !== null && (await this.sendLink({ context, ...claim }, played));
    await this.breaker.sent(claim, [
      ...(sent ? [playerId] : []),
      ...(won && !played.repeated ? [played.coupon.id] : []),
    ]);
    return { status: won ? 'won' : 'lost', nextPlayAt };
  }

  /** False when they must not be written to. */
  private async sendLink(
    { accountId, campaignId, channel, recipient, context }: GameClaim,
    { playerId, linkDeliveryId, linkTo }: Registered,
  ): Promise<boolean> {
    const { content } = await this.commands.send(GetCampaign, { accountId, campaignId }, { context });
    const texts = gameTextsOf(languageOf(recipient.languageCode));
    const title = content.title?.trim() || texts.title;
    const notice = {
      accountId,
      campaignId,
      deliveryId: linkDeliveryId,
      channel,
      to: linkTo,
      ...(channel === 'email' && { subject: title }),
      text: texts.notice(title, await this.links.urlOf(playerId)),
    };
    const { suppressed } = await this.commands.send(SendNotice, notice, { context });
    return !suppressed;
  }
}
