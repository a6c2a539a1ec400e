import { Injectable } from '@nestjs/common';
import type {
  Channel,
  Delivery,
  ListDeliveries,
  MessageContext,
  ReplyOf,
  RequestOf,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { decodeIdCursor, prepared, toPage } from '@tearoff/service-kit';
import { DataSource, In } from 'typeorm';
import { CampaignsService } from '../campaigns/campaigns.service';
import { storable } from '../rendering/one-line';
import { enqueue } from '../sending/work-queue';
import { CouponMessages } from '../messages/coupon.messages';
import type { MessagePayload } from '../messages/message.variables';
import { SuppressionsService } from '../suppressions/suppressions.service';
import { DeliveryEntity, deliveryView } from './delivery.entity';
import { isSendable, newDelivery, type NewDelivery } from './new-delivery';
import { publishSettled } from './settled-events';

@Injectable()
export class DeliveriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly campaigns: CampaignsService,
    private readonly suppressions: SuppressionsService,
    private readonly messages: CouponMessages,
  ) {}

  /**
   * Writes a delivery for each letter that is to be sent, and queues those that may be. `bulk`: of a list, which
   * respects quiet hours; a coupon that someone asked for goes at once, also when a list's delivery of it waits.
   */
  async create(
    tx: Transaction,
    payloads: readonly MessagePayload[],
    contexts: readonly MessageContext[],
    { bulk = false } = {},
  ): Promise<void> {
    const sendable = payloads.filter(isSendable);
    if (sendable.length === 0) return;
    const contextOf = new Map(
      payloads.map((payload, index) => [payload.deliveryId, contexts[index] ?? null]),
    );
    const campaigns = await this.campaigns.forPayloads(tx, sendable);
    const suppressed = await this.suppressions.among(
      tx,
      sendable.map(({ accountId, channel, recipient }) => ({
        accountId,
        channel,
        address: (channel === 'sms' ? recipient.phone : recipient.email) ?? '',
      })),
    );
    const isSuppressed = (account: string, channel: Channel, address: string): boolean =>
      suppressed.has(account, channel, address);
    const messages = await this.messages.of(tx, sendable, campaigns);
    const drafts = sendable.map((payload, at) =>
      newDelivery(payload, campaigns.get(payload.campaignId)!, messages[at], isSuppressed, bulk),
    );
    await this.write(tx, drafts, (id) => contextOf.get(id) ?? null);
    if (!bulk) await this.hurry(tx, drafts, contextOf);
  }

  /** What a list has asked for and someone waits for now need not wait for the list. */
  private async hurry(
    tx: Transaction,
    drafts: readonly NewDelivery[],
    contextOf: ReadonlyMap<string | null, MessageContext | null>,
  ): Promise<void> {
    const prioritised = await prepared<{ id: string; channel: Channel }>(tx, prioritiseStatement, [
      drafts.map(({ id }) => id),
    ]);
    await enqueue(
      this.outbox,
      tx,
      prioritised.map(({ id, channel }) => ({
        id,
        channel,
        bulk: false,
        context: contextOf.get(id) ?? null,
      })),
    );
  }

  /** Writes those that are not there yet, queues what is to be sent and tells of what is not. */
  async write(
    tx: Transaction,
    drafts: readonly NewDelivery[],
    contextOf: (deliveryId: string) => MessageContext | null = () => null,
  ): Promise<void> {
    const fresh = await insertDeliveries(tx, drafts);
    const written = drafts.filter(({ id }) => fresh.delete(id));
    await enqueue(
      this.outbox,
      tx,
      written
        .filter(({ status }) => status === 'queued')
        .map(({ id, channel, bulk, dueAt }) => ({ id, channel, bulk, dueAt, context: contextOf(id) })),
    );
    await publishSettled(
      this.outbox,
      tx,
      written
        .filter(({ status }) => status !== 'queued')
        .map(({ id, accountId, couponId, campaignId, channel, status, error }) => ({
          deliveryId: id,
          accountId,
          couponId,
          campaignId,
          channel,
          status,
          error,
        })),
      contextOf,
    );
  }

  /** In the order asked; null for one that is not known (yet), or is another account's. */
  async get(requests: readonly { accountId: string; deliveryId: string }[]): Promise<(Delivery | null)[]> {
    const rows = await this.dataSource
      .getRepository(DeliveryEntity)
      .findBy({ id: In(requests.map(({ deliveryId }) => deliveryId)) });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return requests.map(({ accountId, deliveryId }) => {
      const row = byId.get(deliveryId);
      return row?.accountId === accountId ? deliveryView(row) : null;
    });
  }

  /** Newest first. */
  async list(request: RequestOf<typeof ListDeliveries>): Promise<ReplyOf<typeof ListDeliveries>> {
    const { accountId, couponId, campaignId, status, cursor, limit = 50 } = request;
    const before = decodeIdCursor(cursor, 'delivery');
    const query = this.dataSource
      .getRepository(DeliveryEntity)
      .createQueryBuilder('delivery')
      .where('delivery.accountId = :accountId', { accountId })
      .orderBy('delivery.id', 'DESC')
      .limit(limit + 1);
    if (couponId) query.andWhere('delivery.couponId = :couponId', { couponId });
    if (campaignId) query.andWhere('delivery.campaignId = :campaignId', { campaignId });
    if (status) query.andWhere('delivery.status = :status', { status });
    if (before) query.andWhere('delivery.id < :before', { before });
    const rows = await query.getMany();
    return toPage(rows, limit, deliveryView);
  }
}

/** The ids that were new; a delivery that exists stays as it is. */
async function insertDeliveries(tx: Transaction, drafts: readonly NewDelivery[]): Promise<Set<string>> {
  const rows = await prepared<{ id: string }>(tx, insertStatement, [
    drafts.map(({ id }) => id),
    drafts.map(({ accountId }) => accountId),
    drafts.map(({ couponId }) => couponId),
    drafts.map(({ campaignId }) => campaignId),
    drafts.map(({ channel }) => channel),
    drafts.map(({ address }) => address),
    drafts.map(({ status }) => status),
    drafts.map(({ error }) => error),
    drafts.map(({ warning }) => warning && storable(warning)),
    drafts.map(({ segments }) => segments),
    drafts.map(({ subject }) => subject && storable(subject)),
    drafts.map(({ text }) => storable(text)),
    drafts.map(({ html }) => html && storable(html)),
    drafts.map(({ barcode }) => barcode && JSON.stringify(barcode)),
    drafts.map(({ reply }) => reply),
    drafts.map(({ bulk }) => bulk),
    drafts.map(({ dueAt }) => dueAt),
  ]);
  return new Set(rows.map(({ id }) => id));
}

/** Their items in the list's queue stay: whichever comes second finds the delivery settled. */
const prioritiseStatement = {
  name: 'delivery-hurry',
  text: `with held as materialized (
       select id from delivery where id = any($1) and bulk and status = 'queued' order by id for update
     )
     update delivery set bulk = false, due_at = now() where id in (select id from held) returning id, channel`,
};

const insertStatement = {
  name: 'delivery-insert',
  text: `with given as (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                            $8::text[], $9::text[], $10::int[], $11::text[], $12::text[], $13::text[],
                            $14::text[], $15::text[], $16::boolean[], $17::timestamptz[])
         as given (id, account_id, coupon_id, campaign_id, channel, address, status, error, warning, segments,
                   subject, text, html, barcode, reply, bulk, due_at)
     ), fresh as (
       insert into delivery (id, account_id, coupon_id, campaign_id, channel, address, status, error, warning, segments,
                             reply, bulk, due_at)
       select id, account_id, coupon_id, campaign_id, channel, address, status, error, warning, segments,
              reply, bulk, coalesce(due_at, now())
       from given
       on conflict (id) do nothing returning id, status
     ), messages as (
       insert into message (delivery_id, subject, text, html, barcode)
       select id, subject, text, html, barcode::jsonb from given join fresh using (id) where fresh.status = 'queued'
     )
     select id from fresh`,
};
