import {
  conflict,
  type Channel,
  type MessageContext,
  type RecipientInput,
  type RequestOf,
} from '@tearoff/contracts';
import type { Play } from '@tearoff/contracts';

/**
 * What a claim is answered. `accepted` says nothing about the person: whether she holds one already, must not be
 * written to, or comes too late for the last one. A game's answer is the one that knows.
 */
export type ClaimOutcome =
  | { status: 'accepted' }
  | { status: 'passcode_sent' }
  | { status: 'won'; nextPlayAt: string | null }
  | { status: 'lost'; nextPlayAt: string | null };

/** A claim of a campaign of type `game` that has passed every gate. */
export interface GameClaim {
  accountId: string;
  campaignId: string;
  recipient: RecipientInput;
  channel: Channel;
  source: RequestOf<typeof Play>['source'];
  context: MessageContext;
}

/** The one place where a game's claim goes its own way. */
export function playGame(_claim: GameClaim): Promise<ClaimOutcome> {
  return Promise.reject(conflict('campaign.is_game', 'Coupons of this campaign are won by playing.'));
}
