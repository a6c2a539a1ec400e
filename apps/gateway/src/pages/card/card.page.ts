import { join } from 'node:path';
import { barcodeOf } from '../face/barcode';
import { codeGroups } from '../face/code-groups';
import { cardDark, cardLight, contrast, tintOf, type Tint } from '../face/colors';
import { imageOf, noticeSection, tintStyle } from '../face/face.page';
import type { Language } from '../face/texts/texts';
import { asset, page, type Page } from '../html/document';
import { html, Html, type Content } from '../html/html';
import { ownRewards, history, rewards } from './card.sections';
import { wordsOf, type CardWords } from './card.words';
import type { LiveCard } from './live-card';
import { bar, mostStamps, stampCard } from './stamps';
import { cardTextsOf } from './texts/texts';

const style = new Html(
  ['../face/face.css', '../face/face.print.css', 'card.css']
    .map((file) => asset(join(__dirname, file)).text)
    .join('\n'),
);
const script = asset(join(__dirname, '../face/face.client.js'));

/** The member's card; `token`: what its wallets' links begin with. */
export function cardPage(live: LiveCard, token: string, language: Language): Page {
  const { card, state, version } = live;
  const { face } = card;
  const active = state === 'open';
  const words = wordsOf(live, language);
  const { texts } = language;
  const [image, logo] = [imageOf(face.imageUrl), imageOf(face.logoUrl)];
  const origins = [...new Set([image, logo].flatMap((url) => url?.origin ?? []))];
  const tint = cardTint(face);
  return page({
    lang: language.lang,
    title: words.title,
    head: head(words, tint, language),
    styles: [style, tintStyle(tint)],
    script,
    imageOrigins: origins,
    body: html`<main
        id="face"
        class="ticket ${state}"
        data-state="${state}"
        data-version="${version}"
        data-image="${origins.join(' ')}"
        data-says="${saying(live, words, language)}"
      >
        <header class="offer">
          ${image && html`<img src="${image.href}" alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer" width="600" height="250" />`}
          <div class="words">
            ${logo && html`<img class="logo" src="${logo.href}" alt="" decoding="async" referrerpolicy="no-referrer" height="48" />`}
            <h1 dir="auto">${words.title}</h1>
            ${words.tier && html`<p class="tier" dir="auto">${words.tier}</p>`}
          </div>
        </header>
        <div class="tear" aria-hidden="true"></div>
        ${balance(live, words, language)} ${active ? number(live, language) : closed(language)}
        ${active && wallets(live, token, language)} ${ownRewards(live, language)}
        ${rewards(live, words, language)} ${history(words, language)}
        ${face.description?.trim() && html`<p class="description" dir="auto">${face.description.trim()}</p>`}
        ${
          face.terms?.trim() &&
          html`<section class="more">
            <h2>${texts.terms}</h2>
            <p dir="auto">${face.terms.trim()}</p>
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

/** A page in the same dress that is no card: nothing known at this address, or nobody to ask. */
export function cardNotice(kind: 'unknown' | 'away', language: Language): Page {
  const { unknown, unknownSays, awaySays } = cardTextsOf(language);
  const { texts, lang } = language;
  const notice =
    kind === 'unknown'
      ? { headline: unknown, sentences: [unknownSays] }
      : { headline: texts.away, sentences: [awaySays] };
  return page({
    lang,
    title: notice.headline,
    styles: [style, tintStyle(tintOf(undefined, cardLight, cardDark))],
    body: html`<main class="ticket notice">
      ${noticeSection(notice, kind, 'h1')}
      ${kind === 'away' && html`<p class="retry"><a href="">${texts.again}</a></p>`}
    </main>`,
  });
}

/** The card's own colour of text only where it can be read. */
function cardTint({ color, textColor }: LiveCard['card']['face']): Tint {
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
  const drawn = card.kind === 'stamps' && goal !== undefined && goal <= mostStamps;
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
  const { texts } = language;
  const own = cardTextsOf(language);
  const barcode = barcodeOf(enrolment.number, card.face.barcode ?? 'qrcode');
  const groups = codeGroups(enrolment.number);
  const spelled = groups.map((group) => [...group].join(' ')).join(', ');
  return html`<section class="stub" aria-labelledby="cue">
    <h2 id="cue">${texts.show}</h2>
    <div class="barcode ${barcode.shape}" role="img" aria-label="${own.barcode}">
      ${new Html(barcode.svg)}
    </div>
    <p class="code long">
      <span class="unseen">${own.number} ${spelled}</span
      ><span class="groups" aria-hidden="true">${groups.map((group) => html`<span>${group}</span>`)}</span>
    </p>
  </section>`;
}

function closed(language: Language): Html {
  const texts = cardTextsOf(language);
  return noticeSection({ headline: texts.closed, sentences: [texts.closedSays] }, 'paused');
}

function wallets({ wallets: { apple, google } }: LiveCard, token: string, language: Language): Content {
  const texts = cardTextsOf(language);
  if (!apple && !google) return null;
  return html`<p class="wallets">
    ${apple && html`<a href="/l/${token}/pass.pkpass">${texts.apple}</a>`}
    ${google && html`<a href="/l/${token}/google-wallet">${texts.google}</a>`}
  </p>`;
}

/** For link previews: whose card it is, never its number nor what is on it. */
function head({ title }: CardWords, { accent }: Tint, { locale }: Language): Html {
  return html`<meta name="theme-color" content="${accent}" />
    <meta name="format-detection" content="telephone=no" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${title}" />
    <meta property="og:locale" content="${locale.replace('-', '_')}" />`;
}
