import { escapeHtml } from '../rendering/html';

/** The coupon's address as something to press. Inline styles: mail clients drop style sheets. */
export const couponButton = (url: string, color = '#1a1a1a'): string =>
  `<p style="margin:24px 0"><a href="${escapeHtml(url)}" style="display:inline-block;padding:14px 24px;` +
  `border-radius:6px;background:${color};color:${readableOn(color)};text-decoration:none;font-weight:bold">` +
  `Show my coupon</a></p>`;

/** A plain text as a mail's HTML: paragraphs kept, the coupon's address (if it has one) made a button. */
export function htmlFromText(text: string, url: string | null, color?: string): string {
  const paragraphs = text
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== url)
    .map((part) => `<p>${linked(escapeHtml(part)).replace(/\n/g, '<br>\n')}</p>`);
  return (
    '<!doctype html>\n<html><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width,initial-scale=1"></head>\n' +
    '<body style="margin:0 auto;padding:16px;max-width:560px;font:16px/1.5 sans-serif">\n' +
    `${paragraphs.join('\n')}\n${url === null ? '' : `${couponButton(url, color)}\n`}</body></html>\n`
  );
}

/** Puts something at the end of a page's body, or of a fragment that has no body. */
export function appendToBody(html: string, addition: string): string {
  const end = html.toLowerCase().lastIndexOf('</body>');
  return end < 0 ? `${html}\n${addition}\n` : `${html.slice(0, end)}${addition}\n${html.slice(end)}`;
}

/** Each address in an escaped text as a link, without the full stop after it. */
const linked = (html: string): string =>
  html.replace(
    /https?:\/\/(?:&amp;|[^\s<>&"'])*(?:&amp;|[^\s<>&"'.,;:!?)])/g,
    (url) => `<a href="${url}">${url}</a>`,
  );

/** Black or white, whichever stands out more on `#rrggbb` (WCAG relative luminance). */
function readableOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}
