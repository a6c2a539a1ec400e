import type { Channel } from '@tearoff/contracts';
import { htmlFromText } from './html-from-text';
import type { RenderedMessage } from './message.renderer';
import { smsSegments } from './sms-segments';
import { subjectOf } from './subject';
import { appendUnsubscribeLinkToHtml, appendUnsubscribeLink } from './unsubscribe-link';

/** A text that is written already; a mail without a subject takes its first line for one. */
export function renderNotice(
  channel: Channel,
  { subject, text }: { subject?: string; text: string },
  unsubscribeUrl: string,
): RenderedMessage {
  if (channel === 'sms')
    return { subject: null, text, html: null, segments: smsSegments(text), warning: null, barcode: null };
  return {
    subject: subjectOf(subject, text),
    text: appendUnsubscribeLink(text.trimEnd(), unsubscribeUrl),
    html: appendUnsubscribeLinkToHtml(htmlFromText(text, null), unsubscribeUrl),
    segments: null,
    warning: null,
    barcode: null,
  };
}
