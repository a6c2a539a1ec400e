import type { Channel } from '@tearoff/contracts';
import type { CampaignProjection } from '../campaigns/campaign.entity';
import { appendToBody, couponButton, htmlFromText } from './html-from-text';
import { appendUnsubscribeLinkToHtml, appendUnsubscribeLink } from './unsubscribe-link';
import { renderLiquid } from '../rendering/liquid/liquid-text';
import { contentOf, variablesOf, type MessagePayload, type MessageVariables } from './message.variables';
import { subjectOf } from './subject';
import { smsSegments } from './sms-segments';
import { withBarcode, type Barcode } from '../rendering/barcode';
import { markAsCode, markAsPicture } from '../rendering/barcode-mark';

/** A message as it will be sent. `warning`: a template that could not be rendered, the default went instead. */
export interface RenderedMessage {
  subject: string | null;
  text: string;
  html: string | null;
  segments: number | null;
  /** That the HTML shows. */
  barcode: Barcode | null;
  warning: string | null;
}

interface Wording {
  subject?: string | undefined;
  text?: string | undefined;
  html?: string | undefined;
}

const defaults = {
  sms: '{{title}}: {{url}}',
  subject: '{{title}}',
  email:
    '{% if firstName != "" %}Hello {{firstName}},{% else %}Hello,{% endif %}\n\nyour coupon: {{title}}\n\n' +
    '{% if description != "" %}{{description}}\n\n{% endif %}{{url}}\n\n' +
    '{% if validTo != "" %}Valid until {{validTo}}.\n{% endif %}',
} as const;

/** The text of one coupon's message: its own before the campaign's before a plain default. */
export function renderMessage(
  channel: Channel,
  payload: MessagePayload,
  campaign: CampaignProjection,
  url: string,
  unsubscribeUrl: () => string,
): RenderedMessage {
  const variables = variablesOf(payload, campaign, url, unsubscribeUrl);
  const warnings: string[] = [];
  const rendered = (text: string, kind?: 'plain' | 'html') =>
    renderLiquid(text, variables, kind, campaign.timezone);
  const render: Render = (name, template, fallback, kind) => {
    if (template === undefined) return fallback === null ? null : rendered(fallback, kind);
    try {
      return rendered(template, kind);
    } catch (error) {
      // A misspelt template must not cost them the coupon.
      warnings.push(
        `the ${name} could not be rendered and the default was sent: ${(error as Error).message}`,
      );
      return fallback === null ? null : rendered(fallback, kind);
    }
  };
  const message =
    channel === 'sms'
      ? smsOf(payload, campaign, variables, render)
      : emailOf(wordingOf(payload, campaign), variables, render, contentOf(payload, campaign).color);
  const text = markAsCode(message.text, payload.code);
  const marked = message.html === null ? null : markAsPicture(message.html);
  const shown = marked?.barcode
    ? withBarcode(marked.html, { code: payload.code, symbology: campaign.barcode ?? 'qrcode' })
    : marked && { html: marked.html, barcode: null };
  return {
    ...message,
    subject: message.subject && markAsCode(message.subject, payload.code),
    text,
    html: shown && shown.html,
    segments: channel === 'sms' ? smsSegments(text) : null,
    barcode: shown && shown.barcode,
    warning: warnings.length > 0 ? warnings.join('; ').slice(0, 1_000) : null,
  };
}

type Render = (
  name: string,
  template: string | undefined,
  fallback: string | null,
  kind?: 'plain' | 'html',
) => string | null;

function smsOf(
  payload: MessagePayload,
  campaign: CampaignProjection,
  variables: MessageVariables,
  render: Render,
) {
  const template = payload.message?.body ?? campaign.messages.sms?.body;
  const text = withUrl(render('text', template, defaults.sms)!.trim(), variables.url, ' ');
  return { subject: null, text, html: null };
}

/** A body given for this coupon alone stands for the whole mail; one that begins with a tag is HTML. */
function wordingOf(payload: MessagePayload, campaign: CampaignProjection): Wording {
  const own = payload.message;
  const subject = own?.subject ?? campaign.messages.email?.subject;
  if (!own?.body) return { ...campaign.messages.email, subject };
  return /^\s*<[!a-z]/i.test(own.body) ? { subject, html: own.body } : { subject, text: own.body };
}

function emailOf(wording: Wording, variables: MessageVariables, render: Render, color?: string) {
  const { url, title, campaign } = variables;
  const subject = subjectOf(render('subject', wording.subject, defaults.subject), `${title}\n${campaign}`);
  const text = withUrl(render('text', wording.text, defaults.email)!.trimEnd(), url, '\n\n');
  const html = render('HTML', wording.html, null, 'html');
  const unsubscribeLink = variables.unsubscribeUrl;
  return {
    subject,
    text: appendUnsubscribeLink(text, unsubscribeLink),
    html: appendUnsubscribeLinkToHtml(
      html === null ? htmlFromText(text, url, color) : withLink(html, url, color),
      unsubscribeLink,
    ),
  };
}

/** The text with the address at its end, unless it is in it. */
export const withUrl = (text: string, url: string, gap: string): string =>
  text.includes(url) ? text : text === '' ? url : `${text}${gap}${url}`;

export const withLink = (html: string, url: string, color?: string): string =>
  html.includes(url) ? html : appendToBody(html, couponButton(url, color));
