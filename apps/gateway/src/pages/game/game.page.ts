import { join } from 'node:path';
import type { Campaign } from '@tearoff/contracts';
import { cardDark, cardLight, tintOf } from '../face/colors';
import { discountWords } from '../face/discount.words';
import { noticeSection, tintStyle } from '../face/face.page';
import type { Notice } from '../face/face.words';
import type { Language } from '../face/texts/texts';
import { momentWords } from '../face/time.words';
import { asset, page, type Page } from '../html/document';
import { html, Html, type Content } from '../html/html';
import type { Game } from './game';
import type { GameTexts } from './texts/game-texts';
import { gameTextsOf } from './texts/texts';

const style = new Html(
  [join(__dirname, '../face/face.css'), join(__dirname, 'game.css')]
    .map((file) => asset(file).text)
    .join('\n'),
);
const script = asset(join(__dirname, 'game.client.js'));

/** The game in words and as HTML: what stands in the page, and what its script puts there after a play. */
export interface GameResult {
  state: Game['state'];
  headline: string;
  says: string;
  html: string;
}

/** The page of a game for one player. `token`: of her link. */
export function gamePage(game: Game, campaign: Campaign, token: string, language: Language): Page {
  const texts = gameTextsOf(language);
  const title = campaign.content.title?.trim() || texts.title;
  const about = campaign.content.description?.trim();
  const terms = campaign.content.terms?.trim();
  const ready = game.state === 'ready';
  const result = gameResult(game, campaign, language);
  return page({
    lang: language.lang,
    title: ready ? title : `${result.headline}: ${title}`,
    head: html`<meta name="format-detection" content="telephone=no" />`,
    styles: [style, tintStyle(tintOf(campaign.content.color, cardLight, cardDark))],
    script: ready ? script : undefined,
    body: html`<main class="ticket open" data-state="${game.state}" id="game">
        <header class="offer">
          <div class="words"><h1 dir="auto">${title}</h1></div>
        </header>
        <div class="tear" aria-hidden="true"></div>
        ${ready ? field(token, texts) : new Html(result.html)}
        ${about && html`<p class="description" dir="auto">${about}</p>`}
        ${
          terms &&
          html`<section class="more">
            <h2>${language.texts.terms}</h2>
            <p dir="auto">${terms}</p>
          </section>`
        }
      </main>
      <div id="said" class="unseen" role="status"></div>`,
  });
}

/** What a play has come to; also all of a page that cannot be played. */
export function gameResult(game: Game, { timezone }: Campaign, language: Language): GameResult {
  if (game.state === 'ready') return { state: 'ready', headline: '', says: '', html: '' };
  const texts = gameTextsOf(language);
  const moment = (instant: Date): string => momentWords(instant, timezone, language.locale);
  const prize = game.state === 'won' ? prizeOf(game.offer, language) : [];
  const { headline, sentences } = noticeOf(game, texts, moment);
  const kind = game.state === 'played' && game.won ? 'won' : game.state;
  const section = noticeSection({ headline, sentences: [] }, kind);
  return {
    state: game.state,
    headline,
    says: [headline, ...prize, ...sentences].map((text) => text.replace(/[.!]$/, '')).join('. ') + '.',
    html: html`<div class="result" id="result" tabindex="-1">
      ${section} ${prize.map((text) => html`<p class="prize" dir="auto">${text}</p>`)}
      ${sentences.map((text) => html`<p class="after">${text}</p>`)}
    </div>`.text,
  };
}

/** A page in the same dress that is no game: nothing known at this address, or nobody to ask. */
export function gameNoticePage(kind: 'unknown' | 'away', language: Language): Page {
  const texts = gameTextsOf(language);
  const unknown = kind === 'unknown';
  const notice: Notice = {
    headline: unknown ? texts.unknown : texts.away,
    sentences: [unknown ? texts.unknownSays : texts.awaySays],
  };
  return page({
    lang: language.lang,
    title: notice.headline,
    styles: [style, tintStyle(tintOf(undefined, cardLight, cardDark))],
    body: html`<main class="ticket notice">
      ${noticeSection(notice, kind, 'h1')}
      ${!unknown && html`<p class="retry"><a href="">${texts.again}</a></p>`}
    </main>`,
  });
}

/** Without its script a button; with it a card that is scratched, by the button too. */
function field(token: string, texts: GameTexts): Content {
  return html`<form id="play" class="play" method="post" action="/g/${token}/play">
    <p id="invite">${texts.invite}</p>
    <div id="field" class="field" hidden>
      <div id="prize" aria-hidden="true"><p class="wait">${texts.wait}</p></div>
      <canvas id="cover" aria-hidden="true"></canvas>
    </div>
    <p id="trouble" class="trouble" hidden>${texts.trouble}</p>
    <p class="retry"><button id="scratch" aria-describedby="invite">${texts.scratch}</button></p>
  </form>`;
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
      const sent = game.channel === 'sms' ? texts.sentBySms : texts.sentByEmail;
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
