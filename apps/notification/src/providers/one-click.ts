import type { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import type { OutgoingMessage } from './provider';

/** RFC 8058: the mail program's own unsubscribe button. A receiver heeds it only when DKIM signs both, which is the mail server's job. */
export const oneClickHeaders = (
  { accountId, channel, to: address }: Pick<OutgoingMessage, 'accountId' | 'channel' | 'to'>,
  links: UnsubscribeLinks,
): Record<string, string> => ({
  'List-Unsubscribe': `<${asciiUrl(links.urlOf({ accountId, channel, address }))}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** A header holds ASCII alone, and this one nothing that would end the address early. */
const asciiUrl = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);
