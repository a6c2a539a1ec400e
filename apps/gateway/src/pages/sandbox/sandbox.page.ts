import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ListSandboxMessages, ReplyOf, SandboxMessage } from '@tearoff/contracts';
import type { Static } from '@sinclair/typebox';
import { curl } from '../html/curl';
import { asset, page, type Page } from '../html/document';
import { html, type Html } from '../html/html';
import { withLinks } from './links';

type Message = Static<typeof SandboxMessage>;

const style = asset(join(__dirname, 'sandbox.css'));
const script = asset(join(__dirname, 'sandbox.client.js'));

const firstCoupon = { campaignId: 'cam_…', recipient: { phone: '+447700900123' }, channel: 'sms' };

export interface InboxQuery {
  to?: string;
  cursor?: string;
}

/** Newest first. `publicUrl`: what coupon links begin with, said where there is nothing to see yet. */
export function inboxPage(
  { data, nextCursor }: ReplyOf<typeof ListSandboxMessages>,
  query: InboxQuery,
  publicUrl: string,
): Page {
  const version = createHash('sha256')
    .update(data.map(({ id }) => id).join())
    .digest('base64url')
    .slice(0, 16);
  return page({
    lang: 'en',
    title: 'Sandbox inbox · Tearoff',
    styles: [style],
    // Framed mail inherits this policy and styles itself inline.
    inlineStyles: true,
    imageOrigins: ['https:', 'http:', 'data:'],
    script: query.cursor ? undefined : script,
    body: html`<header>
        <p class="home"><a href="/">Tearoff</a></p>
        <h1>Sandbox inbox</h1>
        <p>What the sandbox providers would have sent. Nothing on this page left this system.</p>
        <search>
          <form action="/sandbox" method="get">
            <label for="to">Recipient</label>
            <input
              id="to"
              name="to"
              value="${query.to}"
              placeholder="+44… or name@…"
              autocomplete="off"
              spellcheck="false"
            />
            <button>Filter</button>
            ${query.to && html`<a href="/sandbox">Show all</a>`}
          </form>
        </search>
      </header>
      <main id="messages" data-version="${version}">
        ${
          data.length === 0
            ? empty(query, publicUrl)
            : html`<ol>
                ${data.map((message) => html`<li>${letter(message)}</li>`)}
              </ol>`
        }
        ${nextCursor && html`<p class="older"><a href="?${new URLSearchParams({ ...(query.to && { to: query.to }), cursor: nextCursor }).toString()}">Older messages</a></p>`}
      </main>
      <div id="said" class="unseen" role="status"></div>`,
  });
}

/** In place of the inbox. `off`: a real provider sends. */
export function closedPage(reason: 'off' | 'away' | 'filter'): Page {
  const [headline, says] = {
    off: [
      'The sandbox is off',
      'Real providers send the messages of this system, so there is nothing to show here.',
    ],
    away: [
      'One moment',
      'The notification service does not answer right now. Please reload this page in a minute.',
    ],
    filter: [
      'No one to filter by',
      'This is neither a phone number with its country code nor an e-mail address.',
    ],
  }[reason] as [string, string];
  return page({
    lang: 'en',
    title: `${headline} · Tearoff`,
    styles: [style],
    body: html`<header>
        <p class="home"><a href="/">Tearoff</a></p>
        <h1>${headline}</h1>
      </header>
      <main>
        <p>${says}</p>
        ${reason === 'filter' && html`<p><a href="/sandbox">Show all messages</a></p>`}
      </main>`,
  });
}

function letter(message: Message): Html {
  const at = new Date(message.at);
  return html`<article class="${message.channel}">
    <p class="meta">
      <span class="channel">${message.channel === 'sms' ? 'SMS' : 'E-mail'}</span> to
      <a href="/sandbox?${new URLSearchParams({ to: message.to }).toString()}">${message.to}</a> from
      ${message.from}
      <time datetime="${at.toISOString()}">${at.toISOString().replace('T', ' ').slice(0, 19)} UTC</time>
    </p>
    ${message.subject !== null && html`<h2 dir="auto">${message.subject}</h2>`}
    <div class="text" dir="auto">${withLinks(message.text)}</div>
    ${
      message.html !== null &&
      html`<details>
        <summary>As HTML</summary>
        <iframe
          title="The message as HTML"
          loading="lazy"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          srcdoc="${framed(message.html)}"
        ></iframe>
      </details>`
    }
    ${
      Object.keys(message.headers).length > 0 &&
      html`<details>
        <summary>Headers</summary>
        <table>
          <tbody>
            ${Object.entries(message.headers).map(
              ([name, value]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td>${value}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </details>`
    }
  </article>`;
}

/** The mail in its own document: no scripts (sandbox and policy both say so), links in a new tab. */
function framed(mail: string): string {
  return (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; " +
    `img-src https: http: data:"><meta name="referrer" content="no-referrer"><base target="_blank">${mail}`
  );
}

function empty({ to }: InboxQuery, publicUrl: string): Html {
  return html`<section class="empty">
    <h2>${to ? html`Nothing for ${to}` : 'Nothing yet'}</h2>
    <p>
      Issue a coupon with <code>"channel": "sms"</code> or <code>"email"</code> and its message appears here
      by itself:
    </p>
    <pre tabindex="0"><code>${curl(`${publicUrl}/v1/coupons`, firstCoupon)}</code></pre>
    <p>Every route is described in the <a href="/docs">API documentation</a>.</p>
  </section>`;
}
