import type { Page } from '../html/document';
import { html, type Content, type Html } from '../html/html';
import { liveTicket, liveTicketStyle, ticketNotice } from '../ticket/ticket.page';
import {
  codeSection,
  conditionsOf,
  descriptionOf,
  imageOf,
  noticeSection,
  termsOf,
  walletLinks,
} from '../ticket/ticket.parts';
import { barcodeOf } from './barcode';
import { codeGroups } from './code-groups';
import { cardDark, cardLight, tintOf, type Tint } from './colors';
import type { CouponPageView } from './coupon-page';
import { wordsOf, type CouponPageWords } from './coupon-page.words';
import type { Language } from './texts/texts';

const style = liveTicketStyle();

/** Which wallets the coupon can be added to; `token` is what their links begin with. */
export interface CouponPageWallets {
  token: string;
  apple: boolean;
  google: boolean;
}

/** The coupon's page as of `now`. */
export function couponPage(
  face: CouponPageView,
  language: Language,
  now: Date,
  wallets?: CouponPageWallets,
): Page {
  const words = wordsOf(face, language, now);
  const image = imageOf(face.content.imageUrl);
  const tint = tintOf(face.content.color, cardLight, cardDark);
  const open = face.state === 'valid' || face.state === 'early' || face.state === 'paused';
  const says = words.notice
    ? [words.notice.headline, ...words.notice.sentences].join('. ')
    : `${words.title}. ${words.validity ?? ''}`;
  return liveTicket({
    language,
    title: words.notice ? `${words.notice.headline}: ${words.title}` : words.title,
    head: previewTags(face, words, tint, language, image?.href),
    style,
    tint,
    state: face.state,
    look: open ? 'open' : 'closed',
    version: face.version,
    says,
    picture: image && { url: image, alt: words.title },
    heading: html`${words.discount && html`<p class="discount" dir="auto">${words.discount}</p>`}
      <h1 dir="auto">${words.title}</h1>`,
    content: [
      face.state === 'valid' ? showing(face, language) : noticeSection(words.notice!, face.state),
      face.state === 'valid' && wallets && walletLinks(`/c/${wallets.token}`, wallets, language.texts),
      validity(words),
      descriptionOf(face.content.description),
      conditionsOf(words.conditions, language),
      termsOf(face.content.terms, language),
    ],
  });
}

/** A page in the same dress that is no coupon: nothing known at this address, or no one to ask. */
export function noticePage(kind: 'unknown' | 'away', language: Language, address: string): Page {
  const { unknown, unknownSays, away, awaySays } = language.texts;
  const notice =
    kind === 'unknown'
      ? { headline: unknown, sentences: [unknownSays] }
      : { headline: away, sentences: [awaySays] };
  return ticketNotice(kind, notice, style, language, address);
}

function showing(face: CouponPageView & { state: 'valid' }, language: Language): Html {
  return codeSection(
    {
      barcode: barcodeOf(face.code, face.barcode),
      groups: codeGroups(face.code, face.codePrefix),
      isLong: face.code.length > 14,
      says: language.texts,
    },
    language,
  );
}

function validity(words: CouponPageWords): Content {
  if (!words.validity && !words.zone) return null;
  return html`<div class="validity">
    ${words.validity && html`<p>${words.validity}${words.hurry && html` <strong class="hurry">${words.hurry}</strong>`}</p>`}
    ${words.zone && html`<p class="zone">${words.zone}</p>`}
  </div>`;
}

/** For link previews: the offer, never the code, and no address that they could keep. */
function previewTags(
  face: CouponPageView,
  words: CouponPageWords,
  tint: Tint,
  { locale }: Language,
  image?: string,
): Html {
  const about = [words.discount, face.content.description?.trim(), words.validity]
    .filter(Boolean)
    .join(' · ');
  const description = about.length > 200 ? `${about.slice(0, 199)}…` : about;
  return html`<meta name="theme-color" content="${tint.accent}" />
    <meta name="format-detection" content="telephone=no" />
    ${description && html`<meta name="description" content="${description}" />`}
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${words.title}" />
    ${description && html`<meta property="og:description" content="${description}" />`}
    <meta property="og:locale" content="${locale.replace('-', '_')}" />
    ${
      image &&
      html`<meta property="og:image" content="${image}" />
        <meta name="twitter:card" content="summary_large_image" />`
    }`;
}
