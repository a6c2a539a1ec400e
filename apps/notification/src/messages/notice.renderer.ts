import type { Channel } from '@tearoff/contracts';
import { htmlFromText } from './html-from-text';
import type { RenderedMessage } from './message.renderer';
import { smsSegments } from './sms-segments';
import { htmlWithWayOut, withWayOut } from './way-out';

/** A text that is written already; a mail without a subject takes its first line for one. */
export function renderNotice(
  channel: Channel,
  { subject, text }: { subject?: string; text: string },
  unsubscribeUrl: string,
): RenderedMessage {
  if (channel === 'sms')
    return { subject: null, text, html: null, segments: smsSegments(text), warning: null, barcode: null };
  const line = subject ?? text.trim().split('\n')[0].slice(0, 200);
  return {
    // Line breaks in a subject would begin another header.
    subject: line.replace(/\s+/g, ' ').trim(),
    text: withWayOut(text.trimEnd(), unsubscribeUrl),
    html: htmlWithWayOut(htmlFromText(text, null), unsubscribeUrl),
    segments: null,
    warning: null,
    barcode: null,
  };
}
