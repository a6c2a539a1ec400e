import { join } from 'node:path';
import { asset, page, type Page } from '../html/document';
import { html, type Content } from '../html/html';
import type { UnsubscribeTexts } from './unsubscribe.texts';

const style = asset(join(__dirname, 'unsubscribe.css'));

export interface UnsubscribeWords {
  lang: string;
  texts: UnsubscribeTexts;
}

/** Asks, with a button: opening a link must change nothing, because programs open links too. */
export function askingPage({ lang, texts }: UnsubscribeWords, maskedAddress: string): Page {
  return dressed(
    lang,
    texts.title,
    html`<p>${sentence(texts.asks, maskedAddress)}</p>
      <form method="post">
        <input type="hidden" name="List-Unsubscribe" value="One-Click" />
        <button type="submit">${texts.button}</button>
      </form>`,
  );
}

export function donePage({ lang, texts }: UnsubscribeWords, maskedAddress: string): Page {
  return dressed(lang, texts.done, html`<p role="status">${sentence(texts.doneSays, maskedAddress)}</p>`);
}

/** No link of ours, or no one to ask. */
export function failedPage(kind: 'unknown' | 'away', { lang, texts }: UnsubscribeWords): Page {
  return dressed(lang, texts[kind], html`<p>${texts[`${kind}Says`]}</p>`);
}

const sentence = ([before, after]: [string, string], address: string): Content =>
  html`${before}<strong dir="ltr">${address}</strong>${after}`;

const dressed = (lang: string, title: string, content: Content): Page =>
  page({
    lang,
    title,
    styles: [style],
    body: html`<main>
      <h1>${title}</h1>
      ${content}
    </main>`,
  });
