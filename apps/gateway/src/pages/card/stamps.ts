import { html, Html } from '../html/html';

/** More than these are a number and a bar: they would be too small to count. */
export const maxStamps = 30;

const cell = 44;
const tick = 'M-8 0l5.5 6L8-6.5';
const star = 'M0-10l2.9 6.2 6.8.8-5 4.7 1.3 6.7L0 5.1l-6 3.3 1.3-6.7-5-4.7 6.8-.8z';

/** The places of a stamp card, so many of them stamped; the last one is the reward. */
export function stampCard(stamped: number, places: number, label: string): Html {
  const columns = Math.min(places, places > 20 ? 8 : places > 10 ? 6 : 5);
  const rows = Math.ceil(places / columns);
  const drawn = Array.from({ length: places }, (_, index) => {
    const at = `translate(${(index % columns) * cell + cell / 2} ${Math.floor(index / columns) * cell + cell / 2})`;
    const isStamped = index < stamped;
    const mark = isStamped ? tick : index === places - 1 ? star : '';
    return html`<g class="${isStamped ? 'stamped' : 'empty'}" transform="${at}"
      ><circle r="18" />${mark && html`<path d="${mark}" />`}</g
    >`;
  });
  return html`<svg
    class="stamps"
    viewBox="0 0 ${columns * cell} ${rows * cell}"
    role="img"
    aria-label="${label}"
  >
    ${drawn}
  </svg>`;
}

/** How far it is to something, for the eye alone: the words stand beside it. */
export function bar(have: number, goal: number): Html {
  const share = Math.max(0, Math.min(100, Math.floor((have / goal) * 100)));
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rest" width="100" height="4" />
    <rect class="done" width="${share}" height="4" />
  </svg>`;
}
