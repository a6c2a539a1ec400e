import type { Channel } from '@tearoff/contracts';
import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { Batcher } from '../sending/batcher';
import { withPicture } from '../rendering/barcode';
import type { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import { senderOf } from './mailbox';
import { oneClickHeaders } from './one-click';
import { PermanentFailure, TemporaryFailure, type OutgoingMessage, type Provider } from './provider';

/** Addresses that provoke an outcome, so that an integration can be tried against each. */
const refused = new Set(['+15005550001', 'refused@sandbox.example']);
const busyTwice = new Set(['+15005550002', 'busy@sandbox.example']);

const insert = {
  name: 'sandbox-message-insert',
  text: `
    insert into sandbox_message (delivery_id, account_id, channel, recipient, sender, subject, text, html, headers)
    select delivery_id, account_id, channel, recipient, sender, subject, text, html, headers::json
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
      as row (delivery_id, account_id, channel, recipient, sender, subject, text, html, headers)
    on conflict (delivery_id) do nothing`,
};

/** Sends into a table, where `GET /v1/sandbox/messages` and the browser's inbox read. */
export class SandboxProvider implements Provider {
  readonly name = 'sandbox';
  readonly idempotent = true;
  readonly concurrency = 200;
  readonly listConcurrency = 160;
  private readonly writer: Batcher<OutgoingMessage, undefined>;

  constructor(
    dataSource: DataSource,
    channel: Channel,
    private readonly sender: string,
    /** Of a mail; an SMS has no headers. */
    private readonly links?: UnsubscribeLinks,
  ) {
    this.writer = new Batcher(async (messages) => {
      await prepared(dataSource, insert, [
        messages.map((message) => message.deliveryId),
        messages.map((message) => message.accountId),
        messages.map(() => channel),
        messages.map((message) => message.to),
        messages.map(() => sender),
        messages.map((message) => message.subject),
        messages.map((message) => message.text),
        messages.map((message) => message.html),
        messages.map((message) => JSON.stringify(this.headersOf(message))),
      ]);
      return messages.map(() => undefined);
    }, 500);
  }

  async send(message: OutgoingMessage): Promise<{ providerMessageId: string }> {
    if (refused.has(message.to)) throw new PermanentFailure('sandbox: this address refuses every message');
    if (busyTwice.has(message.to) && message.attempt <= 2)
      throw new TemporaryFailure('sandbox: busy, try again');
    await this.writer.add({ ...message, html: await selfContained(message) });
    return { providerMessageId: `sandbox-${message.deliveryId}` };
  }

  async close(): Promise<void> {}

  private headersOf(message: OutgoingMessage): Record<string, string> {
    if (!this.links) return {};
    return {
      'Message-ID': `<${message.deliveryId}@${senderOf(this.sender)?.mailbox.domain ?? 'localhost'}>`,
      ...oneClickHeaders(message, this.links),
    };
  }
}

/** Its barcode within it, for anyone who looks at it in a browser. */
async function selfContained({ html, barcode }: OutgoingMessage): Promise<string | null> {
  return html === null || barcode === null ? html : withPicture(html, barcode);
}
