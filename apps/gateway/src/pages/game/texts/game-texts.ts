/** Everything that a game says by itself, in one language. Arguments are words in that language already. */
export interface GameTexts {
  /** Stands in for a campaign without a title. */
  title: string;
  invite: string;
  scratch: string;
  wait: string;
  /** Something went wrong on the way; nothing is lost. */
  trouble: string;
  won: string;
  sentBySms: string;
  sentByEmail: string;
  lost: string;
  lostSays: string;
  /** Of a play in the same period, when all that is known of it is whether it was won. */
  played: string;
  wonBefore: string;
  /** Of a win that is asked for again. */
  wonAgain: string;
  /** The button that asks for it. */
  missing: string;
  next(moment: string): string;
  noNext: string;
  /** On the form that registers a player: its button, and what it asks for. */
  play: string;
  enterPhone: string;
  enterEmail: string;
  /** After that: how they come by later plays. */
  linkBySms: string;
  linkByEmail: string;
  /** Told to everybody who played by a form, so that nobody learns whether a number had been played with. */
  same: string;
  stopped: string;
  stoppedSays: string;
  ended: string;
  endedSays: string;
  paused: string;
  pausedSays: string;
  early: string;
  earlySays(moment: string): string;
  unknown: string;
  unknownSays: string;
  away: string;
  awaySays: string;
  again: string;
  /** The message that brings the link. */
  notice(title: string, url: string): string;
}
