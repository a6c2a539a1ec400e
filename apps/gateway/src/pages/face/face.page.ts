import { join } from 'node:path';
import { asset, page, type Page } from '../html/document';
import { html, Html, type Content } from '../html/html';
import { barcodeOf } from './barcode';
import { codeGroups } from './code-groups';
import { cardDark, cardLight, tintOf, type Tint } from './colors';
import type { Face } from './face';
import { wordsOf, type FaceWords, type Notice } from './face.words';
import { iconOf } from './icons';
import type { Language } from './texts/texts';

const style = new Html(
  ['face.css', 'face.print.css'].map((file) => asset(join(__dirname, file)).text).join('\n'),
);
const script = asset(join(__dirname, 'face.client.js'));

/** Which wallets the coupon can be added to; `token` is what their links begin with. */
export interface FaceWallets {
  token: string;
  apple: boolean;
  google: boolean;
}

/** The coupon's page as of `now`. */
export function facePage(face: Face, language: Language, now: Date, wallets?: FaceWallets): Page {
  const words = wordsOf(face, language, now);
  const { texts } = language;
  const image = imageOf(face.content.imageUrl);
  const tint = tintOf(face.content.color, cardLight, cardDark);
  const open = face.state === 'valid' || face.state === 'early' || face.state === 'paused';
  const says = words.notice
    ? [words.notice.headline, ...words.notice.sentences].join('. ')
    : `${words.title}. ${words.validity ?? ''}`;
  return page({
    lang: language.lang,
    title: words.notice ? `${words.notice.headline}: ${words.title}` : words.title,
    head: previewTags(face, words, tint, language, image?.href),
    styles: [style, tintStyle(tint)],
    script,
    imageOrigins: image ? [image.origin] : [],
    body: html`<main
        id="face"
        class="ticket ${open ? 'open' : 'closed'}"
        data-state="${face.state}"
        data-version="${face.version}"
        data-image="${image?.origin}"
        data-says="${says}"
      >
        <header class="offer">
          ${image && html`<img src="${image.href}" alt="${words.title}" loading="lazy" decoding="async" referrerpolicy="no-referrer" width="600" height="250" />`}
          <div class="words">
            ${words.discount && html`<p class="discount" dir="auto">${words.discount}</p>`}
            <h1 dir="auto">${words.title}</h1>
          </div>
        </header>
        <div class="tear" aria-hidden="true"></div>
        ${face.state === 'valid' ? showing(face, language) : noticeSection(words.notice!, face.state)}
        ${face.state === 'valid' && wallets && walletLinks(wallets, language)} ${validity(words)}
        ${face.content.description?.trim() && html`<p class="description" dir="auto">${face.content.description.trim()}</p>`}
        ${
          words.conditions.length > 0 &&
          html`<section class="more">
            <h2>${texts.conditions}</h2>
            <ul>
              ${words.conditions.map((line) => html`<li>${line}</li>`)}
            </ul>
          </section>`
        }
        ${
          face.content.terms?.trim() &&
          html`<section class="more">
            <h2>${texts.terms}</h2>
            <p dir="auto">${face.content.terms.trim()}</p>
          </section>`
        }
      </main>
      <div id="said" class="unseen" role="status"></div>
      <footer id="live" class="live" hidden>
        <span class="dot" aria-hidden="true"></span><span>${texts.live}</span>
        <time id="clock" aria-hidden="true"></time>
      </footer>`,
  });
}

/** A page in the same dress that is no coupon: nothing known at this address, or nobody to ask. */
export function noticePage(kind: 'unknown' | 'away', { lang, texts }: Language): Page {
  const unknown = kind === 'unknown';
  const notice: Notice = {
    headline: unknown ? texts.unknown : texts.away,
    sentences: [unknown ? texts.unknownSays : texts.awaySays],
  };
  return page({
    lang,
    title: notice.headline,
    styles: [style, tintStyle(tintOf(undefined, cardLight, cardDark))],
    body: html`<main class="ticket notice">
      ${noticeSection(notice, kind, 'h1')}
      ${!unknown && html`<p class="retry"><a href="">${texts.again}</a></p>`}
    </main>`,
  });
}

function showing(face: Face & { state: 'valid' }, { texts }: Language): Html {
  const barcode = barcodeOf(face.code, face.barcode);
  const groups = codeGroups(face.code, face.codePrefix);
  const spelled = groups.map((group) => [...group].join(' ')).join(', ');
  return html`<section class="stub" aria-labelledby="cue">
    <h2 id="cue">${texts.show}</h2>
    <div class="barcode ${barcode.shape}" role="img" aria-label="${texts.barcode}">
      ${new Html(barcode.svg)}
    </div>
    <p class="code ${face.code.length > 14 && 'long'}">
      <span class="unseen">${texts.code} ${spelled}</span
      ><span class="groups" aria-hidden="true">${groups.map((group) => html`<span>${group}</span>`)}</span>
    </p>
  </section>`;
}

function walletLinks({ token, apple, google }: FaceWallets, { texts }: Language): Content {
  if (!apple && !google) return null;
  return html`<p class="wallets">
    ${apple && html`<a href="/c/${token}/pass.pkpass">${texts.apple}</a>`}
    ${google && html`<a href="/c/${token}/google-wallet">${texts.google}</a>`}
  </p>`;
}

export function noticeSection(notice: Notice, kind: string, heading: 'h1' | 'h2' = 'h2'): Html {
  const level = new Html(heading);
  return html`<section class="stub said ${kind}" aria-labelledby="cue">
<div class="icon" aria-hidden="true">${iconOf(kind)}</div>
<${level} id="cue">${notice.headline}</${level}>
${notice.sentences.map((sentence) => html`<p dir="auto">${sentence}</p>`)}
</section>`;
}

function validity(words: FaceWords): Content {
  if (!words.validity && !words.zone) return null;
  return html`<div class="validity">
    ${words.validity && html`<p>${words.validity}${words.hurry && html` <strong class="hurry">${words.hurry}</strong>`}</p>`}
    ${words.zone && html`<p class="zone">${words.zone}</p>`}
  </div>`;
}

/** For link previews: the offer, never the code, and no address that they could keep. */
function previewTags(face: Face, words: FaceWords, tint: Tint, { locale }: Language, image?: string): Html {
  const about = [words.discount, face.content.description?.trim(), words.validity]
    .filter(Boolean)
    .join(' · ');
  const description = about.length > 200 ? `${about.slice(0, 199)}…` : about;
  return html`<meta name="theme-color" content="${tint.accent}" />
    <meta name="format-detection" content="telephone=no" />
    <meta name="description" content="${description}" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${words.title}" />
    <meta property="og:description" content="${description}" />
    <meta property="og:locale" content="${locale.replace('-', '_')}" />
    ${
      image &&
      html`<meta property="og:image" content="${image}" />
        <meta name="twitter:card" content="summary_large_image" />`
    }`;
}

/** What the style sheets call the campaign's colour. */
export function tintStyle(tint: Tint): Html {
  return new Html(
    `:root{--accent:${tint.accent};--on-accent:${tint.onAccent};--accent-text:${tint.accentOnLight}}` +
      `@media (prefers-color-scheme:dark){:root{--accent-text:${tint.accentOnDark}}}`,
  );
}

export function imageOf(address: string | undefined): URL | null {
  if (!address || !URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
}
