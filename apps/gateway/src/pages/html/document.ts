import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseWebUrl } from '@tearoff/contracts';
import { Html, html, type Content } from './html';

export interface Document {
  lang: string;
  title: string;
  head?: Content;
  /** Applied in this order after base.css; each one style element. */
  styles: readonly Html[];
  body: Content;
  script?: Html;
  /** Origins that pictures may come from; what is none is left out. */
  imageOrigins?: readonly string[];
  /** What a box of another house (a captcha) needs: its scripts, frames and styles. */
  foreign?: { script: string; origins: readonly string[] };
  /** Lets style attributes work in framed mail; never together with foreign text that is not escaped. */
  inlineStyles?: boolean;
}

/** A page with the headers it must be sent with: the policy names the page's own style and script by nonce. */
export interface Page {
  html: string;
  headers: Readonly<Record<string, string>>;
}

export function page(document: Document): Page {
  const nonce = randomBytes(16).toString('base64');
  const foreign = (document.foreign?.origins ?? []).map((origin) => ` ${origin}`).join('');
  const policy = [
    "default-src 'none'",
    `img-src ${["'self'", ...(document.imageOrigins ?? []).filter(isSource)].join(' ')}`,
    document.inlineStyles ? "style-src 'unsafe-inline'" : `style-src 'nonce-${nonce}'${foreign}`,
    `script-src 'nonce-${nonce}'${foreign}`,
    `connect-src 'self'${foreign}`,
    ...(foreign ? [`frame-src${foreign}`] : []),
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    html: html`<!doctype html>
      <html lang="${document.lang}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${document.title}</title>
          <meta name="robots" content="noindex, nofollow" />
          <meta name="referrer" content="no-referrer" />
          <meta name="color-scheme" content="light dark" />
          <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
          ${document.head} ${element('style', base, `nonce="${nonce}"`)}
          ${document.styles.map((text, i) => element('style', text, `id="style-${i}" nonce="${nonce}"`))}
        </head>
        <body>
          ${document.body}
          ${document.foreign && html`<script src="${document.foreign.script}" nonce="${nonce}" async defer></script>`}
          ${document.script && element('script', document.script, `nonce="${nonce}"`)}
        </body>
      </html> `.text,
    headers: { ...pageHeaders, 'content-security-policy': policy.join('; ') },
  };
}

/** Whether it is one source of a policy and nothing else: an origin of the web, or the scheme of all pictures. */
const isSource = (text: string): boolean =>
  ['https:', 'http:', 'data:'].includes(text) || parseWebUrl(text)?.origin === text;

/** Not in a template: a style sheet of ours has nothing to escape, and formatting would change its text. */
const element = (name: 'style' | 'script', { text }: Html, attributes: string): Html =>
  new Html(`<${name} ${attributes}>${text}</${name}>`);

/** For everything that shows a coupon or a message: no one keeps it, indexes it, frames it or learns its address. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store, private',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
} as const;

/** A style sheet or script of ours, read once at start, without comments and indentation. */
export function asset(path: string): Html {
  const text = readFileSync(path, 'utf8');
  return new Html(
    text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/\n\s*/g, '\n')
      .trim(),
  );
}

const base = asset(join(__dirname, 'base.css'));
