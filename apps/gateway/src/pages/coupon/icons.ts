import { Html } from '../html/html';

const shapes: Record<string, string> = {
  redeemed: '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
  voided: '<path d="M6.5 6.5l11 11"/><circle cx="12" cy="12" r="8"/>',
  ended: '<path d="M7 4v16M7 5h10l-2.5 3.5L17 12H7"/>',
  paused: '<path d="M9 6v12M15 6v12"/>',
  early: '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
  expired:
    '<path d="M7 4h10M7 20h10M8 4c0 4 2.5 5.5 4 8-1.5 2.5-4 4-4 8M16 4c0 4-2.5 5.5-4 8 1.5 2.5 4 4 4 8"/>',
  unknown: '<path d="M9 9.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.8v.2"/>',
  won: '<path d="M12 4l2.4 5.2 5.6.7-4.1 3.9 1.1 5.6L12 16.6l-5 2.8 1.1-5.6L4 9.9l5.6-.7z"/>',
  lost: '<circle cx="12" cy="12" r="8"/><path d="M9.2 10h.01M14.8 10h.01M9 15.2h6"/>',
  played: '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
  away: '<path d="M5 12h.01M12 12h.01M19 12h.01"/>',
};

/** A line drawing for a state, in the colour of the text around it. */
export function iconOf(kind: string): Html {
  return new Html(
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" ' +
      `stroke-linejoin="round">${shapes[kind] ?? shapes.unknown}</svg>`,
  );
}
