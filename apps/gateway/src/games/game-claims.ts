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
import { refusalOf } from '../coupons/issue-refusals';
import { languageOf } from '../pages/face/texts/texts';
import { gameTextsOf } from '../pages/game/texts/texts';
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

/** `nextPlayAt`: ISO 8601; null when there is no next play. */
export interface GameAnswer {
  status: 'won' | 'lost';
  nextPlayAt: string | null;
}

/** What would tell a stranger who types her number more about a person than a play does. */
const kept: ReadonlySet<IssueRefusal> = new Set(['recipient.suppressed', 'recipient.limit_reached']);

/** A first play, by the number that somebody typed; it registers her, and brings her the link to later ones. */
@Injectable()
export class GameClaims {
  constructor(
    private readonly commands: CommandClient,
    private readonly links: GameLinks,
  ) {}

  /**
   * Safe to repeat: the play is the one that was made, the link the one that was sent. Fails as `POST /v1/coupons`
   * is refused, and as `unavailable` when the link could not be sent: asked again, it is.
   */
  async play({ context, ...claim }: GameClaim): Promise<GameAnswer> {
    const played = await this.commands.send(Play, claim, { context });
    if (played.outcome === 'refused') {
      if (kept.has(played.reason)) return { status: 'lost', nextPlayAt: played.nextPlayAt ?? null };
      throw refusalOf(played);
    }
    const { outcome: status, nextPlayAt } = played;
    if (nextPlayAt !== null) await this.sendLink({ context, ...claim }, played);
    return { status, nextPlayAt };
  }

  private async sendLink(
    { accountId, campaignId, channel, recipient, context }: GameClaim,
    { playerId, linkDeliveryId, linkTo }: Exclude<PlayOutcome, { outcome: 'refused' }>,
  ): Promise<void> {
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
    await this.commands.send(SendNotice, notice, { context });
  }
}
