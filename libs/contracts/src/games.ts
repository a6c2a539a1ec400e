import { Type, type Static } from '@sinclair/typebox';
import { Coupon, issueRefusals, MessageOverride, RecipientInput, Source } from './coupons';
import { defineCommand } from './definitions';
import { channels, Id, Instant, Nullable, OneOf } from './values';

/**
 * What became of a play. `repeated`: they played this period already, and this is what it was. `playerId` names them
 * for later plays; `linkDeliveryId` is the delivery that brings them the link to them, always the same one, and
 * `linkTo` where it goes: E.164, or a folded e-mail address.
 * `nextPlayAt` is null where there is no next play. With a refusal that is about the person it is anybody's next
 * play, for a caller who must not tell them from others who have lost.
 * `limitReached`: nothing was drawn, for they have won as many as they may; `coupon` is one of those.
 */
const played = {
  repeated: Type.Boolean(),
  playerId: Id('player'),
  linkDeliveryId: Id('delivery'),
  linkTo: Type.String(),
  nextPlayAt: Nullable(Instant()),
};
export const PlayOutcome = Type.Union([
  Type.Object({
    outcome: Type.Literal('won'),
    ...played,
    coupon: Coupon,
    limitReached: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ outcome: Type.Literal('lost'), ...played }),
  Type.Object({
    outcome: Type.Literal('refused'),
    reason: OneOf(issueRefusals),
    message: Type.String(),
    nextPlayAt: Type.Optional(played.nextPlayAt),
  }),
]);
export type PlayOutcome = Static<typeof PlayOutcome>;

/**
 * One play of a campaign of type `game`, by a person or by the player they were registered as. The draw is made and
 * recorded in the transaction that issues the coupon. Fails with `player.not_found`.
 */
export const Play = defineCommand('issuance', 'game.play', {
  batch: true,
  deadlineMs: 10_000,
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    recipient: Type.Optional(RecipientInput),
    playerId: Type.Optional(Type.String({ maxLength: 48 })),
    /** Over which a won coupon is sent. */
    channel: OneOf(channels),
    message: Type.Optional(MessageOverride),
    source: Type.Optional(Source),
  }),
  reply: PlayOutcome,
});

/** The player of a link, and whether they may play now. Fails with `player.not_found`. */
export const GetPlayer = defineCommand('issuance', 'game.player', {
  request: Type.Object({ playerId: Type.String({ maxLength: 48 }) }),
  reply: Type.Object({
    accountId: Id('account'),
    campaignId: Id('campaign'),
    nextPlayAt: Nullable(Instant()),
    mayPlay: Type.Boolean(),
    last: Nullable(OneOf(['won', 'lost'] as const)),
  }),
});
