import type {
  Campaign,
  Channel,
  Coupon,
  GetPlayer,
  IssueRefusal,
  PlayOutcome,
  ReplyOf,
} from '@tearoff/contracts';

/** What the page of a game says. */
export type Game =
  | { state: 'ready' }
  | {
      state: 'won';
      offer: Pick<Campaign, 'content' | 'discount'>;
      channel: Channel;
      repeated: boolean;
      nextPlayAt: Date | null;
    }
  | { state: 'lost'; nextPlayAt: Date | null }
  /** `mayResend`: they may say that their coupon has not arrived. */
  | { state: 'played'; won: boolean; mayResend: boolean; nextPlayAt: Date | null }
  | { state: 'early'; from: Date }
  | { state: 'stopped' | 'ended' | 'paused' };

/** The page before they play. */
export function gameOf(
  campaign: Campaign,
  { mayPlay, last, nextPlayAt }: ReplyOf<typeof GetPlayer>,
  now: Date,
): Game {
  if (mayPlay) return { state: 'ready' };
  const won = last === 'won';
  return (
    closedGame(campaign, now) ?? { state: 'played', won, mayResend: won, nextPlayAt: dateOf(nextPlayAt) }
  );
}

/** The page after it. */
export function gameAfter(campaign: Campaign, played: PlayOutcome, channel: Channel, now: Date): Game {
  if (played.outcome === 'refused') return refusedGame(campaign, played.reason, now);
  const nextPlayAt = dateOf(played.nextPlayAt);
  if (played.outcome === 'lost') return { state: 'lost', nextPlayAt };
  const { coupon, repeated } = played;
  return { state: 'won', offer: offerOf(campaign, coupon), channel, repeated, nextPlayAt };
}

/** Over which a game writes to its players. */
export const channelOf = ({ claim }: Campaign): Channel => claim.channel ?? 'sms';

function refusedGame(campaign: Campaign, reason: IssueRefusal, now: Date): Game {
  if (reason === 'recipient.limit_reached')
    return { state: 'played', won: true, mayResend: false, nextPlayAt: null };
  if (reason === 'recipient.suppressed') return { state: 'stopped' };
  // The campaign was changed between being read and being played.
  return closedGame(campaign, now) ?? { state: reason === 'campaign.ended' ? 'ended' : 'paused' };
}

function closedGame({ status, validity }: Campaign, now: Date): Game | null {
  const [startsAt, endsAt] = [dateOf(validity.startsAt), dateOf(validity.endsAt)];
  if (status === 'ended' || (endsAt && now >= endsAt)) return { state: 'ended' };
  if (status !== 'active') return { state: 'paused' };
  return startsAt && startsAt > now ? { state: 'early', from: startsAt } : null;
}

/** What the coupon says: its offer's words before the campaign's. */
function offerOf(campaign: Campaign, { offerId }: Coupon): Pick<Campaign, 'content' | 'discount'> {
  const offer = campaign.offers.find(({ id }) => id === offerId);
  return {
    content: { ...campaign.content, ...offer?.content },
    discount: offer?.discount ?? campaign.discount,
  };
}

const dateOf = (instant: string | null | undefined): Date | null => (instant ? new Date(instant) : null);
