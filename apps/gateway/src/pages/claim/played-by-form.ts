import type { Campaign } from '@tearoff/contracts';
import { channelOf } from '../claims/claimant';
import type { GameAnswer } from '../game/game-claims';
import { playedWords } from '../game/played-words';
import type { Language } from '../coupon/texts/texts';
import { momentWords } from '../coupon/time.words';
import { playedPage } from '../game/game.page';
import { resultOf } from '../game/game.result';
import type { Page } from '../html/document';

/** The answer to a play by the hosted form. */
export function playedByForm(
  { status, nextPlayAt }: GameAnswer,
  campaign: Campaign,
  language: Language,
): Page {
  const words = playedWords(channelOf(campaign.claim), language);
  const [headline, says] = words[status];
  const moment = nextPlayAt && momentWords(new Date(nextPlayAt), campaign.timezone, language.locale);
  const after = moment ? words.next.map((text) => text.replace('{moment}', () => moment)) : words.last;
  const notice = { headline, sentences: [says, ...after] };
  return playedPage(resultOf(status, status, notice), campaign, language);
}
