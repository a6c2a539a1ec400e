import { parseWebUrl } from '@tearoff/contracts';
import type { Barcode } from '../coupon/barcode';
import type { Tint } from '../coupon/colors';
import type { Notice } from '../coupon/coupon-page.words';
import { iconOf } from '../coupon/icons';
import type { Language } from '../coupon/texts/texts';
import { html, Html, type Content } from '../html/html';

/** What the style sheets call the colour of a campaign or card. */
export function tintStyle(tint: Tint): Html {
  return new Html(
    `:root{--accent:${tint.accent};--on-accent:${tint.onAccent};--accent-text:${tint.accentOnLight}}` +
      `@media (prefers-color-scheme:dark){:root{--accent-text:${tint.accentOnDark}}}`,
  );
}

/** A marketer's picture; null for what is no address of the web. */
export function imageOf(address: string | null | undefined): URL | null {
  return address ? parseWebUrl(address) : null;
}

/** In place of the code: why there is none. */
export function noticeSection(notice: Notice, kind: string, heading: 'h1' | 'h2' = 'h2'): Html {
  const level = new Html(heading);
  return html`<section class="stub said ${kind}" aria-labelledby="cue">
<div class="icon" aria-hidden="true">${iconOf(kind)}</div>
<${level} id="cue">${notice.headline}</${level}>
${notice.sentences.map((sentence) => html`<p dir="auto">${sentence}</p>`)}
</section>`;
}

export interface ShownCode {
  /** Null = the code alone, which is then typed. */
  barcode: Barcode | null;
  /** The code as it is read aloud. */
  groups: readonly string[];
  isLong: boolean;
  /** For those who hear the page: what the picture is, and what the code. */
  says: { barcode: string; code: string };
}

/** What a till scans, and beneath it what can be typed or read aloud. */
export function codeSection({ barcode, groups, isLong, says }: ShownCode, { texts }: Language): Html {
  const spelled = groups.map((group) => [...group].join(' ')).join(', ');
  return html`<section class="stub" aria-labelledby="cue">
    <h2 id="cue">${texts.show}</h2>
    ${
      barcode &&
      html`<div class="barcode ${barcode.shape}" role="img" aria-label="${says.barcode}">
        ${new Html(barcode.svg)}
      </div>`
    }
    <p class="code ${isLong && 'long'}">
      <span class="unseen">${says.code} ${spelled}</span
      ><span class="groups" aria-hidden="true">${groups.map((group) => html`<span>${group}</span>`)}</span>
    </p>
  </section>`;
}

/** Links into those wallets that are offered; `address`: the page's own. */
export function walletLinks(
  address: string,
  offered: { apple: boolean; google: boolean },
  says: { apple: string; google: string },
): Content {
  if (!offered.apple && !offered.google) return null;
  return html`<p class="wallets">
    ${offered.apple && html`<a href="${address}/pass.pkpass">${says.apple}</a>`}
    ${offered.google && html`<a href="${address}/google-wallet">${says.google}</a>`}
  </p>`;
}

export const descriptionOf = (text: string | null | undefined): Content =>
  text?.trim() && html`<p class="description" dir="auto">${text.trim()}</p>`;

/** Where, when and from which basket a coupon can be used. */
export function conditionsOf(lines: readonly (string | null)[], { texts }: Language): Content {
  const told = lines.filter((line) => line !== null);
  if (told.length === 0) return null;
  return html`<section class="more">
    <h2>${texts.conditions}</h2>
    <ul>
      ${told.map((line) => html`<li>${line}</li>`)}
    </ul>
  </section>`;
}

export const termsOf = (text: string | null | undefined, { texts }: Language): Content =>
  text?.trim() &&
  html`<section class="more">
    <h2>${texts.terms}</h2>
    <p dir="auto">${text.trim()}</p>
  </section>`;
