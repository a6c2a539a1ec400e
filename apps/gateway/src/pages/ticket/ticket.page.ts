import { join } from 'node:path';
import { cardDark, cardLight, tintOf, type Tint } from '../coupon/colors';
import type { Notice } from '../coupon/coupon-page.words';
import type { Language } from '../coupon/texts/texts';
import { asset, page, type Page } from '../html/document';
import { html, Html, type Content } from '../html/html';
import { noticeSection, tintStyle } from './ticket.parts';

const own = (file: string): Html => asset(join(__dirname, file));
const sheet = own('ticket.css');
const printSheet = own('ticket.print.css');
const script = own('ticket.client.js');

/** The style of a page in this dress, before sheets of its own. */
export const ticketStyle = (...more: string[]): Html => joined(sheet, ...more.map(asset));

/** That of a page which is also printed, and moves. */
export const liveTicketStyle = (...more: string[]): Html => joined(sheet, printSheet, ...more.map(asset));

const joined = (...sheets: Html[]): Html => new Html(sheets.map(({ text }) => text).join('\n'));

/** A page whose `state` and `version` change under the reader's eyes: a coupon's, a member's card. */
export interface LiveTicket {
  language: Language;
  /** Of the window. */
  title: string;
  head: Html;
  style: Html;
  tint: Tint;
  state: string;
  /** `open`, `closed`: how the whole of it looks. */
  look: string;
  version: string;
  /** What is read aloud when it has changed. */
  says: string;
  picture: { url: URL; alt: string } | null;
  /** Further pictures' origins. */
  origins?: readonly string[];
  /** Above the tear, beside the picture. */
  heading: Content;
  /** Beneath the tear. */
  content: Content;
}

/** `ticket.client.js` keeps it true from `{address}/events`. */
export function liveTicket(ticket: LiveTicket): Page {
  const { language, title, head, style, tint, picture, heading, content } = ticket;
  const origins = [...new Set([...(picture ? [picture.url.origin] : []), ...(ticket.origins ?? [])])];
  return page({
    lang: language.lang,
    title,
    head,
    styles: [style, tintStyle(tint)],
    script,
    imageOrigins: origins,
    body: html`<main
        id="face"
        class="ticket ${ticket.look}"
        data-state="${ticket.state}"
        data-version="${ticket.version}"
        data-image="${origins.join(' ')}"
        data-says="${ticket.says}"
      >
        <header class="offer">
          ${picture && html`<img src="${picture.url.href}" alt="${picture.alt}" loading="lazy" decoding="async" referrerpolicy="no-referrer" width="600" height="250" />`}
          <div class="words">${heading}</div>
        </header>
        <div class="tear" aria-hidden="true"></div>
        ${content}
      </main>
      <div id="said" class="unseen" role="status"></div>
      <footer id="live" class="live" hidden>
        <span class="dot" aria-hidden="true"></span><span>${language.texts.live}</span>
        <span id="clock" aria-hidden="true"></span>
      </footer>`,
  });
}

/** A page in the same dress with nothing to show: nothing known at this address, or no one to ask. */
export function ticketNotice(
  kind: 'unknown' | 'away',
  notice: Notice,
  style: Html,
  { lang, texts }: Language,
  address: string,
): Page {
  return page({
    lang,
    title: notice.headline,
    styles: [style, tintStyle(tintOf(undefined, cardLight, cardDark))],
    body: html`<main class="ticket notice">
      ${noticeSection(notice, kind, 'h1')}
      ${kind === 'away' && html`<p class="retry"><a href="${address}">${texts.again}</a></p>`}
    </main>`,
  });
}
