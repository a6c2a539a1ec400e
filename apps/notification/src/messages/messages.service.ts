import { Injectable } from '@nestjs/common';
import {
  type MessageContext,
  type MessageRecipient,
  type ReplyOf,
  type RequestOf,
  type SendError,
  type SendMessages,
  type SendResult,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { In } from 'typeorm';
import { addressOn } from '../addresses/address';
import { DeliveriesService } from '../deliveries/deliveries.service';
import { DeliveryEntity } from '../deliveries/delivery.entity';
import type { NewDelivery } from '../deliveries/new-delivery';
import type { ValueMap } from '../rendering/velocity/velocity.values';
import { SuppressionsService } from '../suppressions/suppressions.service';
import type { TemplateEntity } from '../templates/template.entity';
import { TemplatesService, wrongChannel } from '../templates/templates.service';
import { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import { namesOf } from './message-keys';
import type { RenderedMessage } from './message.renderer';
import { TemplateMessages } from './template.messages';

type Request = RequestOf<typeof SendMessages>;
type Recipient = Request['recipients'][number];

/** So many at once are a list: no one waits for one of them, and they hold up no one who does. */
const listFrom = 20;

interface Ready {
  recipient: Recipient;
  address: string;
  message: RenderedMessage;
}

/** Messages without a coupon, from a template, to many. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly outbox: Outbox,
    private readonly templates: TemplatesService,
    private readonly messages: TemplateMessages,
    private readonly deliveries: DeliveriesService,
    private readonly suppressions: SuppressionsService,
    private readonly links: UnsubscribeLinks,
  ) {}

  /** `context`: of those recipients that bring none of their own. */
  async send(
    { accountId, templateId, channel, recipients }: Request,
    context?: MessageContext,
  ): Promise<ReplyOf<typeof SendMessages>> {
    const template = await this.templates.one(accountId, templateId);
    if (channel !== undefined && channel !== template.channel) throw wrongChannel(template.channel, channel);
    const refusals = new Map<Recipient, SendError>();
    const ready = await this.written(template, recipients, refusals);
    // All or none: anyone who asks again after a crash finds either no delivery or each of them.
    const stands = await this.outbox.transaction((tx) =>
      this.store(tx, template, ready, { bulk: recipients.length >= listFrom, context }),
    );
    return {
      results: recipients.map((recipient) => {
        const refusal = refusals.get(recipient);
        if (refusal) return resultOf(recipient, 'refused', refusal);
        const row = stands.get(recipient);
        if (row?.accountId !== accountId) return resultOf(recipient, 'refused', 'delivery.exists');
        return row.status === 'suppressed'
          ? resultOf({ deliveryId: row.id }, 'suppressed', 'recipient.suppressed')
          : resultOf({ deliveryId: row.id }, 'queued', null);
      }),
    };
  }

  /** The messages of those who can be written to; `refusals` gets the others. */
  private async written(
    template: TemplateEntity,
    recipients: readonly Recipient[],
    refusals: Map<Recipient, SendError>,
  ): Promise<Ready[]> {
    const { accountId, channel } = template;
    const addressed = recipients.flatMap((recipient) => {
      const found = addressOf(recipient, channel);
      if ('error' in found) refusals.set(recipient, found.error);
      return 'error' in found ? [] : [{ recipient, address: found.address }];
    });
    const messages = await this.messages.of(
      template,
      addressed.map(({ recipient, address }) => ({
        data: (recipient.data ?? {}) as ValueMap,
        languageCode: recipient.languageCode,
        ...(channel === 'email' && { unsubscribeUrl: this.links.urlOf({ accountId, channel, address }) }),
      })),
    );
    return addressed.flatMap(({ recipient, address }, at) => {
      const result = messages[at];
      if (result.ok && result.message.text !== '') return [{ recipient, address, message: result.message }];
      refusals.set(recipient, result.ok ? 'message.empty' : 'template.render_failed');
      return [];
    });
  }

  private async store(
    tx: Transaction,
    { accountId, channel }: TemplateEntity,
    ready: readonly Ready[],
    { bulk, context }: { bulk: boolean; context: MessageContext | undefined },
  ): Promise<Map<Recipient, DeliveryEntity | undefined>> {
    const suppressed = await this.suppressions.among(
      tx,
      ready.map(({ address }) => ({ accountId, channel, address })),
    );
    const nameOf = await namesOf(
      tx,
      accountId,
      ready.map(({ recipient }) => recipient),
    );
    const drafts = ready
      .map(({ recipient, address, message }): NewDelivery => ({
        ...message,
        id: nameOf(recipient),
        accountId,
        couponId: null,
        campaignId: null,
        channel,
        address,
        status: suppressed.has(accountId, channel, address) ? 'suppressed' : 'queued',
        error: null,
        reply: null,
        bulk,
        dueAt: null,
      }))
      // In the order of their ids: the same request twice at once must not wait for each other.
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .filter(({ id }, at, all) => id !== all[at - 1]?.id);
    const contextOf = new Map(
      ready.map(({ recipient }) => [nameOf(recipient), recipient.context ?? context ?? null]),
    );
    await this.deliveries.write(tx, drafts, (id) => contextOf.get(id) ?? null);
    const rows = await tx.getRepository(DeliveryEntity).findBy({ id: In(drafts.map(({ id }) => id)) });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return new Map(ready.map(({ recipient }) => [recipient, byId.get(nameOf(recipient))]));
  }
}

const resultOf = (
  { deliveryId }: Pick<Recipient, 'deliveryId'>,
  status: SendResult['status'],
  error: SendError | null,
): SendResult => ({
  deliveryId,
  status,
  error,
});

function addressOf(
  { phone, email }: MessageRecipient,
  channel: TemplateEntity['channel'],
): { address: string } | { error: SendError } {
  const spelling = channel === 'sms' ? phone : email;
  if (spelling === undefined) return { error: 'recipient.no_address' };
  const address = addressOn(channel, spelling);
  if (address) return { address };
  return { error: channel === 'sms' ? 'recipient.invalid_phone' : 'recipient.invalid_email' };
}
