import type { OutgoingMessage, Provider } from './provider';
import { VonageClient, type VonageOptions } from './vonage.client';

/** SMS through Vonage's Messages API. `client_ref` is the delivery's id, so its log can be compared with ours. */
export class VonageProvider implements Provider {
  readonly name = 'vonage';
  readonly idempotent = false;
  readonly concurrency: number;
  readonly listConcurrency: number;
  private readonly client: VonageClient;

  constructor(
    options: VonageOptions,
    private readonly from: string,
  ) {
    this.concurrency = options.connections;
    this.listConcurrency = Math.max(1, Math.floor(options.connections * 0.8));
    this.client = new VonageClient(options);
  }

  async send({ deliveryId, to, text }: OutgoingMessage): Promise<{ providerMessageId: string | null }> {
    const providerMessageId = await this.client.sendText({
      channel: 'sms',
      message_type: 'text',
      // The vendor wants digits alone.
      to: to.replace(/^\+/, ''),
      from: this.from.replace(/^\+/, ''),
      text,
      client_ref: deliveryId,
    });
    return { providerMessageId };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
