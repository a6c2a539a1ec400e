import { escapeHtml } from '../rendering/html';
import { appendToBody } from './html-from-text';

/** The text with its unsubscribe link at the end, unless it places it itself. */
export const appendUnsubscribeLink = (text: string, url: string): string =>
  text.includes(url) ? text : `${text}\n\nUnsubscribe: ${url}`;

export const appendUnsubscribeLinkToHtml = (html: string, url: string): string =>
  html.includes(url)
    ? html
    : appendToBody(
        html,
        `<p style="margin:32px 0 0;font-size:13px"><a href="${escapeHtml(url)}">Unsubscribe</a></p>`,
      );
