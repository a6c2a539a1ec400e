import type { Channel } from '@tearoff/contracts';
import type { Language } from '../coupon/texts/texts';
import { gameTextsOf } from './texts/texts';

/**
 * What someone is told who played by a form. Not what was won, nor whether this is a play made before: anyone who types
 * a number need not be the one it belongs to.
 */
export interface PlayedWords {
  won: [headline: string, says: string];
  lost: [headline: string, says: string];
  /** What follows where there is a next play, `{moment}` standing for its time; and where there is none. */
  next: string[];
  last: string[];
}

export function playedWords(channel: Channel, language: Language): PlayedWords {
  const texts = gameTextsOf(language);
  const bySms = channel === 'sms';
  return {
    won: [texts.won, bySms ? texts.sentBySms : texts.sentByEmail],
    lost: [texts.lost, texts.lostSays],
    next: [texts.next('{moment}'), bySms ? texts.linkBySms : texts.linkByEmail, texts.same],
    last: [texts.noNext, texts.same],
  };
}
