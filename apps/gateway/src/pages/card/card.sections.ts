import type { Language } from '../coupon/texts/texts';
import { html, type Content, type Html } from '../html/html';
import type { CardWords } from './card.words';
import type { LiveCard, OwnReward } from './live-card';
import { bar } from './stamps';
import { cardTextsOf } from './texts/texts';

/** The coupons that rewards have become: open ones lead to their page, the rest is grey. */
export function ownRewards(live: LiveCard, language: Language): Content {
  const texts = cardTextsOf(language);
  if (live.rewards.length === 0) return null;
  const item = (own: OwnReward): Html =>
    own.status === 'issued'
      ? html`<li>
          <span dir="auto">${own.name}</span>
          <a href="/c/${own.token}">${texts.show}<span class="unseen">: ${own.name}</span></a>
        </li>`
      : html`<li class="${own.status === 'onItsWay' ? 'coming' : 'over'}">
          <span dir="auto">${own.name}</span> <em>${texts[own.status]}</em>
        </li>`;
  return html`<section class="more own">
    <h2>${texts.own}</h2>
    <ul>
      ${live.rewards.map(item)}
    </ul>
  </section>`;
}

/** What their points buy, and how far away it is. */
export function rewards({ enrolment }: LiveCard, words: CardWords, language: Language): Content {
  if (words.rewards.length === 0) return null;
  return html`<section class="more goals">
    <h2>${cardTextsOf(language).rewards}</h2>
    <ul>
      ${words.rewards.map(
        ({ name, points, cost, cue, reached }) =>
          html`<li class="${reached ? 'reached' : 'ahead'}">
            <span dir="auto">${name}</span>
            <span class="cost">${cost}</span> ${bar(enrolment.balance, points)}
            <span class="cue">${cue}</span>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** The last movements, newest first. */
export function history({ lines }: CardWords, language: Language): Content {
  if (lines.length === 0) return null;
  return html`<section class="more past">
    <h2>${cardTextsOf(language).history}</h2>
    <ul>
      ${lines.map(
        ({ amount, what, day }) =>
          html`<li><b>${amount}</b> <span>${what}</span> <span class="day">${day}</span></li>`,
      )}
    </ul>
  </section>`;
}
