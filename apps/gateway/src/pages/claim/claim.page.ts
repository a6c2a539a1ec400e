import { join } from 'node:path';
import type { ClaimForm } from '../claims/claim-form';
import { formWords, type ClosedWords } from '../claims/claim-words';
import { cardDark, cardLight, tintOf } from '../coupon/colors';
import { iconOf } from '../coupon/icons';
import type { Language } from '../coupon/texts/texts';
import { asset, page, type Page } from '../html/document';
import { html, Html, type Content } from '../html/html';
import { ticketStyle } from '../ticket/ticket.page';
import { conditionsOf, descriptionOf, imageOf, termsOf, tintStyle } from '../ticket/ticket.parts';
import { formFields, passcodeFields, type Entered } from './claim.fields';
import { claimTextsIn } from './texts/texts';

const style = ticketStyle(join(__dirname, 'claim.css'));
const script = new Html(
  ['../claims/proof.client.js', 'claim.client.js']
    .map((file) => asset(join(__dirname, file)).text)
    .join('\n'),
);

export interface FormState {
  /** Where the form is sent: this page's own address. */
  action: string;
  entered: Entered;
  /** What was wrong with the last try. */
  wrong?: { code: string; says: string };
}

/** The form; with `step: 'passcode'` the question for the digits that were sent. */
export function claimPage(
  form: ClaimForm,
  step: 'form' | 'passcode',
  language: Language,
  { action, entered, wrong }: FormState,
): Page {
  const texts = claimTextsIn(language);
  const words = formWords(form, language);
  const box = step === 'form' && form.captcha !== 'unknown' ? form.captcha : null;
  const proof = step === 'form' ? form.proof : null;
  const image = imageOf(form.imageUrl);
  return page({
    lang: language.lang,
    title: wrong ? `${wrong.says} ${form.title}` : form.title,
    head: previewTags(form, language, image?.href),
    styles: [style, tintStyle(tintOf(form.color, cardLight, cardDark))],
    script,
    imageOrigins: image ? [image.origin] : [],
    ...(box && { foreign: box }),
    body: html`<main class="ticket">
      ${header(form, image)}
      <p class="lead">${step === 'passcode' ? words.passcodeLead : words.lead}</p>
      <form
        method="post"
        action="${action}"
        novalidate
        data-challenge="${proof?.challenge}"
        data-bits="${proof?.bits}"
        data-working="${texts.working}"
      >
        ${wrong && html`<p class="wrong" role="alert" id="wrong" tabindex="-1">${wrong.says}</p>`}
        ${step === 'passcode' ? passcodeFields(entered, texts, wrong?.code) : formFields(form, entered, texts, wrong?.code)}
        ${box && html`<div class="field ${box.className}" data-sitekey="${box.siteKey}"></div>`}
        ${
          proof &&
          html`<input type="hidden" name="proof" value="" />
            <noscript><p class="wrong">${texts.scriptNeeded}</p></noscript>`
        }
        <button type="submit">${step === 'passcode' ? texts.confirm : words.get}</button>
        <p id="said" role="status"></p>
      </form>
      ${descriptionOf(form.description)} ${conditionsOf([form.minBasket], language)}
      ${termsOf(form.terms, language)}
    </main>`,
  });
}

/** What everyone is told whose claim was taken. */
export function acceptedPage(form: ClaimForm, language: Language): Page {
  const [headline, says, sameAgain] = formWords(form, language).accepted;
  return noticePage(
    { headline, says, icon: 'redeemed' },
    language,
    html`<p class="soft">${sameAgain}</p>`,
    'accepted',
    form.color,
  );
}

/** Why there is nothing to claim. */
export function noticePage(
  { headline, says, icon }: ClosedWords,
  { lang }: Language,
  more: Content = null,
  className = icon,
  color?: string,
): Page {
  return page({
    lang,
    title: headline,
    styles: [style, tintStyle(tintOf(color, cardLight, cardDark))],
    body: html`<main class="ticket notice">
      <section class="stub said ${className}" aria-labelledby="cue">
        <div class="icon" aria-hidden="true">${iconOf(icon)}</div>
        <h1 id="cue">${headline}</h1>
        <p>${says}</p>
        ${more}
      </section>
    </main>`,
  });
}

function header(form: ClaimForm, image: URL | null): Html {
  return html`<header class="offer">
      ${image && html`<img src="${image.href}" alt="${form.title}" decoding="async" referrerpolicy="no-referrer" width="600" height="250" />`}
      <div class="words">
        ${form.discount && html`<p class="discount" dir="auto">${form.discount}</p>`}
        <h1 dir="auto">${form.title}</h1>
      </div>
    </header>
    <div class="tear" aria-hidden="true"></div>`;
}

/** For link previews, which only read. */
function previewTags(
  { title, discount, description }: ClaimForm,
  { locale }: Language,
  image?: string,
): Html {
  const words = [discount, description].filter(Boolean).join(' · ').slice(0, 200);
  return html`<meta name="format-detection" content="telephone=no" />
    ${words && html`<meta name="description" content="${words}" />`}
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${title}" />
    ${words && html`<meta property="og:description" content="${words}" />`}
    <meta property="og:locale" content="${locale.replace('-', '_')}" />
    ${image && html`<meta property="og:image" content="${image}" />`}`;
}
