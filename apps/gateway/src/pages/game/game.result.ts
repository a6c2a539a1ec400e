import type { Campaign } from '@tearoff/contracts';
import { discountWords } from '../coupon/discount.words';
import { noticeSection } from '../ticket/ticket.parts';
import type { Notice } from '../coupon/coupon-page.words';
import type { Language } from '../coupon/texts/texts';
import { momentWords } from '../coupon/time.words';
import { html } from '../html/html';
import type { Game } from './game';
import type { GameTexts } from './texts/game-texts';
import { gameTextsOf } from './texts/texts';

/** The game in words and as HTML: what stands in the page, and what its script puts there after a play. */
export interface GameResult {
  state: Game['state'];
  headline: string;
  says: string;
  html: string;
}

/** What a play has come to; also all of a page that cannot be played. */
export function gameResult(game: Game, { timezone }: Campaign, language: Language): GameResult {
  if (game.state === 'ready') return { state: 'ready', headline: '', says: '', html: '' };
  const moment = (instant: Date): string => momentWords(instant, timezone, language.locale);
  const prize = game.state === 'won' ? prizeOf(game.offer, language) : [];
  const kind = game.state === 'played' && game.won ? 'won' : game.state;
  return resultOf(game.state, kind, noticeOf(game, gameTextsOf(language), moment), prize);
}

/** `kind`: of the icons of the pages. */
export function resultOf(
  state: Game['state'],
  kind: string,
  { headline, sentences }: Notice,
  prize: readonly string[] = [],
): GameResult {
  const section = noticeSection({ headline, sentences: [] }, kind);
  return {
    state,
    headline,
    says: [headline, ...prize, ...sentences].map((text) => text.replace(/[.!]$/, '')).join('. ') + '.',
    html: html`<div class="result" id="result" tabindex="-1">
      ${section} ${prize.map((text) => html`<p class="prize" dir="auto">${text}</p>`)}
      ${sentences.map((text) => html`<p class="after">${text}</p>`)}
    </div>`.text,
  };
}

function prizeOf(
  { content, discount }: Pick<Campaign, 'content' | 'discount'>,
  language: Language,
): string[] {
  const off = discountWords(discount, language.texts, language.locale);
  const title = content.title?.trim();
  return [
    ...new Set([title, off].filter((text) => text !== undefined && text !== null && text !== '')),
  ] as string[];
}

function noticeOf(
  game: Exclude<Game, { state: 'ready' }>,
  texts: GameTexts,
  moment: (instant: Date) => string,
): Notice {
  const next = (instant: Date | null): string => (instant ? texts.next(moment(instant)) : texts.noNext);
  switch (game.state) {
    case 'won': {
      const first = game.channel === 'sms' ? texts.sentBySms : texts.sentByEmail;
      const sent = game.repeated ? texts.wonAgain : first;
      return { headline: texts.won, sentences: [sent, next(game.nextPlayAt)] };
    }
    case 'lost':
      return { headline: texts.lost, sentences: [texts.lostSays, next(game.nextPlayAt)] };
    case 'played':
      return {
        headline: texts.played,
        sentences: [game.won ? texts.wonBefore : texts.lostSays, next(game.nextPlayAt)],
      };
    case 'early':
      return { headline: texts.early, sentences: [texts.earlySays(moment(game.from))] };
    case 'stopped':
      return { headline: texts.stopped, sentences: [texts.stoppedSays] };
    case 'ended':
      return { headline: texts.ended, sentences: [texts.endedSays] };
    case 'paused':
      return { headline: texts.paused, sentences: [texts.pausedSays] };
  }
}
