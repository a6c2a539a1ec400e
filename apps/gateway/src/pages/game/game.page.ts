import { join } from 'node:path';
import { minimumBasketOf, type Campaign } from '@tearoff/contracts';
import { cardDark, cardLight, tintOf } from '../coupon/colors';
import { minimumWords } from '../coupon/discount.words';
import type { Language } from '../coupon/texts/texts';
import { asset, page, type Page } from '../html/document';
import { html, Html, type Content } from '../html/html';
import { ticketNotice, ticketStyle } from '../ticket/ticket.page';
import { conditionsOf, descriptionOf, termsOf, tintStyle } from '../ticket/ticket.parts';
import type { Game } from './game';
import { gameResult } from './game.result';
import type { GameTexts } from './texts/game-texts';
import { gameTextsOf } from './texts/texts';

const style = ticketStyle(join(__dirname, 'game.css'));
const scratchScript = asset(join(__dirname, 'scratch.client.js')).text;
const script = new Html(`${scratchScript}\n${asset(join(__dirname, 'game.client.js')).text}`);
const playedScript = new Html(`${scratchScript}\n${asset(join(__dirname, 'played.client.js')).text}`);

/** The page of a game for one player. `action`: where their play is sent. */
export function gamePage(game: Game, campaign: Campaign, action: string, language: Language): Page {
  const texts = gameTextsOf(language);
  const result = gameResult(game, campaign, language);
  if (game.state === 'ready') {
    const play = html`<form id="play" class="play" method="post" action="${action}">
      <p id="invite">${texts.invite}</p>
      ${field(html`<p class="wait">${texts.wait}</p>`, true)}
      <p id="trouble" class="trouble" hidden>${texts.trouble}</p>
      <p class="retry"><button id="scratch" aria-describedby="invite">${texts.scratch}</button></p>
    </form>`;
    return ticket(campaign, language, { state: game.state, body: play, script });
  }
  const resend = game.state === 'played' && game.mayResend && resendForm(action, texts);
  const body = [new Html(result.html), resend];
  return ticket(campaign, language, { state: game.state, headline: result.headline, body });
}

/** After a play by a form: the result, which a script covers to be scratched free. */
export function playedPage(
  result: ReturnType<typeof gameResult>,
  campaign: Campaign,
  language: Language,
): Page {
  const texts = gameTextsOf(language);
  const body = html`<div class="play">
    <p id="invite" hidden>${texts.invite}</p>
    ${field(new Html(result.html), false)}
    <p class="retry">
      <button type="button" id="scratch" aria-describedby="invite" hidden>${texts.scratch}</button>
    </p>
  </div>`;
  return ticket(campaign, language, { state: result.state, says: result.says, body, script: playedScript });
}

/** A page in the same dress that is no game: nothing known at this address, or no one to ask. */
export function gameNoticePage(kind: 'unknown' | 'away', language: Language, address: string): Page {
  const texts = gameTextsOf(language);
  const notice =
    kind === 'unknown'
      ? { headline: texts.unknown, sentences: [texts.unknownSays] }
      : { headline: texts.away, sentences: [texts.awaySays] };
  return ticketNotice(kind, notice, style, language, address);
}

/** With its script a card that is scratched. */
function field(prize: Content, hidden: boolean): Html {
  return html`<div id="field" class="field" ${hidden && html`hidden`}>
    <div id="prize" ${hidden && html`aria-hidden="true"`}>${prize}</div>
    <canvas id="cover" aria-hidden="true" hidden></canvas>
  </div>`;
}

function resendForm(action: string, { missing }: GameTexts): Html {
  return html`<form method="post" action="${action}">
    <p class="retry"><button>${missing}</button></p>
  </form>`;
}

interface Ticket {
  state: Game['state'];
  /** Of the window, where it may be told before anything is scratched. */
  headline?: string;
  says?: string;
  body: Content;
  script?: Html;
}

function ticket(
  campaign: Campaign,
  language: Language,
  { state, headline, says, body, script }: Ticket,
): Page {
  const title = campaign.content.title?.trim() || gameTextsOf(language).title;
  const minimum = minimumWords(minimumBasketOf(campaign), language.texts, language.locale);
  return page({
    lang: language.lang,
    title: headline ? `${headline}: ${title}` : title,
    head: html`<meta name="format-detection" content="telephone=no" />`,
    styles: [style, tintStyle(tintOf(campaign.content.color, cardLight, cardDark))],
    script,
    body: html`<main class="ticket open" id="game" data-state="${state}" data-says="${says}">
        <header class="offer">
          <div class="words"><h1 dir="auto">${title}</h1></div>
        </header>
        <div class="tear" aria-hidden="true"></div>
        ${body} ${descriptionOf(campaign.content.description)} ${conditionsOf([minimum], language)}
        ${termsOf(campaign.content.terms, language)}
      </main>
      <div id="said" class="unseen" role="status"></div>`,
  });
}
