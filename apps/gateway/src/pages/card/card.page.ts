import { join } from 'node:path';
import { barcodeOf } from '../coupon/barcode';
import { codeGroups } from '../coupon/code-groups';
import { cardDark, cardLight, contrast, tintOf, type Tint } from '../coupon/colors';
import type { Language } from '../coupon/texts/texts';
import type { Page } from '../html/document';
import { html, type Html } from '../html/html';
import { liveTicket, liveTicketStyle, ticketNotice } from '../ticket/ticket.page';
import {
  codeSection,
  descriptionOf,
  imageOf,
  noticeSection,
  termsOf,
  walletLinks,
} from '../ticket/ticket.parts';
import { ownRewards, history, rewards } from './card.sections';
import { wordsOf, type CardWords } from './card.words';
import type { LiveCard } from './live-card';
import { bar, maxStamps, stampCard } from './stamps';
import { cardTextsOf } from './texts/texts';

const style = liveTicketStyle(join(__dirname, 'card.css'));

/** The member's card; `token`: what its wallets' links begin with. */
export function cardPage(live: LiveCard, token: string, language: Language): Page {
  const { card, state, version } = live;
  const { design } = card;
  const active = state === 'open';
  const words = wordsOf(live, language);
  const [image, logo] = [imageOf(design.imageUrl), imageOf(design.logoUrl)];
  const tint = cardTint(design);
  return liveTicket({
    language,
    title: words.title,
    head: head(words, tint, language),
    style,
    tint,
    state,
    look: state,
    version,
    says: saying(live, words, language),
    picture: image && { url: image, alt: words.title },
    origins: logo ? [logo.origin] : [],
    heading: html`${logo && html`<img class="logo" src="${logo.href}" alt="${words.title}" decoding="async" referrerpolicy="no-referrer" height="48" />`}
      <h1 dir="auto">${words.title}</h1>
      ${words.tier && html`<p class="tier" dir="auto">${words.tier}</p>`}`,
    content: [
      balance(live, words, language),
      active ? number(live, language) : closed(language),
      active && walletLinks(`/l/${token}`, live.wallets, cardTextsOf(language)),
      ownRewards(live, language),
      rewards(live, words, language),
      history(words, language),
      descriptionOf(design.description),
      termsOf(design.terms, language),
    ],
  });
}

/** A page in the same dress that is no card: nothing known at this address, or no one to ask. */
export function cardNotice(kind: 'unknown' | 'away', language: Language, address: string): Page {
  const { unknown, unknownSays, awaySays } = cardTextsOf(language);
  const notice =
    kind === 'unknown'
      ? { headline: unknown, sentences: [unknownSays] }
      : { headline: language.texts.away, sentences: [awaySays] };
  return ticketNotice(kind, notice, style, language, address);
}

/** The card's own colour of text only where it can be read. */
function cardTint({ color, textColor }: LiveCard['card']['design']): Tint {
  const tint = tintOf(color, cardLight, cardDark);
  const own = /^#[0-9a-f]{6}$/i.test(textColor ?? '') ? textColor! : null;
  return own && contrast(own, tint.accent) >= 4.5 ? { ...tint, onAccent: own } : tint;
}

function saying(live: LiveCard, { balance: amount, tier }: CardWords, language: Language): string {
  const { closed: notInUse } = cardTextsOf(language);
  return [live.state === 'closed' && notInUse, amount, tier].filter(Boolean).join('. ');
}

function balance({ card, enrolment }: LiveCard, words: CardWords, language: Language): Html {
  const texts = cardTextsOf(language);
  const have = enrolment.balance;
  const costs = card.rewards.map(({ cost }) => cost).sort((a, b) => a - b);
  const goal = costs.find((cost) => cost > have) ?? costs.at(-1);
  const drawn = card.kind === 'stamps' && goal !== undefined && goal <= maxStamps;
  const label = goal === undefined ? words.balance : texts.of(String(Math.min(have, goal)), String(goal));
  return html`<section class="stub balance" aria-label="${words.balance}">
    <p class="amount">${words.balance}</p>
    ${drawn ? stampCard(Math.min(have, goal), goal, label) : goal !== undefined && have < goal && bar(have, goal)}
    ${words.pending && html`<p class="aside">${words.pending}</p>`}
    ${words.debt && html`<p class="aside">${words.debt}</p>`}
    ${words.expiring && html`<p class="aside hurry">${words.expiring}</p>`}
  </section>`;
}

function number({ card, enrolment }: LiveCard, language: Language): Html {
  const own = cardTextsOf(language);
  return codeSection(
    {
      barcode: barcodeOf(enrolment.number, card.design.barcode ?? 'qrcode'),
      groups: codeGroups(enrolment.number),
      isLong: true,
      says: { barcode: own.barcode, code: own.number },
    },
    language,
  );
}

function closed(language: Language): Html {
  const texts = cardTextsOf(language);
  return noticeSection({ headline: texts.closed, sentences: [texts.closedSays] }, 'paused');
}

/** For link previews: whose card it is, never its number nor what is on it. */
function head({ title }: CardWords, { accent }: Tint, { locale }: Language): Html {
  return html`<meta name="theme-color" content="${accent}" />
    <meta name="format-detection" content="telephone=no" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${title}" />
    <meta property="og:locale" content="${locale.replace('-', '_')}" />`;
}
