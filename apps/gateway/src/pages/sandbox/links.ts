import { html, type Content } from '../html/html';

/** Text with its web addresses made clickable; the mark of punctuation after an address is not part of it. */
export function withLinks(text: string): Content[] {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}])/g)
    .map((part, i) =>
      i % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>` : part,
    );
}
