/**
 * What a claim is answered. `accepted` says nothing about the person: whether they hold one already, must not be
 * written to, or comes too late for the last one. A game's answer is the one that knows.
 */
export type ClaimOutcome =
  | { status: 'accepted' }
  | { status: 'passcode_sent' }
  | { status: 'won'; nextPlayAt: string | null }
  | { status: 'lost'; nextPlayAt: string | null };
