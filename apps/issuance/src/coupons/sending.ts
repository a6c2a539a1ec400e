import { Injectable } from '@nestjs/common';
import {
  BulkSendRequested,
  CheckAddress,
  conflict,
  CouponSendRequested,
  invalid,
  type Channel,
  type Coupon,
  type CouponSendRequestedItem,
  type MessageContext,
  type MessageOverride,
  type RequestOf,
  type SendCoupon,
} from '@tearoff/contracts';
import { CommandClient, Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource, In } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { Clock } from '@tearoff/service-kit';
import type { IssueRequest } from './issue-request';
import { CouponEntity, type KnownDelivery } from './coupon.entity';
import { inIndex } from './coupons-by-id';
import { couponOf, statusOf } from './coupon.view';
import { couponNotFound } from './coupons.errors';
import { newDelivery, newListDelivery } from './draft';
import { addressFor, messagePayloadOf } from './message-payload';
import type { Repeated } from './issue-result';

/** After that the coupon goes out unasked: notification looks again before it writes to anyone. */
const suppressionDeadlineMs = 1_000;

/** Sends coupons that are out. */
@Injectable()
export class Sending {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly commands: CommandClient,
    private readonly clock: Clock,
  ) {}

  /** Whether the address must not be written to, as far as notification can tell right now. */
  async isSuppressed(
    accountId: string,
    channel: Channel,
    address: string,
    context?: MessageContext,
  ): Promise<boolean> {
    const request = { accountId, channel, address };
    const options = { deadlineMs: suppressionDeadlineMs, ...(context && { context }) };
    return this.commands.send(CheckAddress, request, options).then(
      ({ suppressed }) => suppressed,
      () => false,
    );
  }

  /**
   * For people who asked again and named a channel: a message, unless one is on its way to that address or
   * has arrived there. One that waits for a list's turn, or for the end of its quiet hours, goes at once. Replaces
   * the coupons of `repeated` by what they are after that.
   */
  async sendWhereMissing(repeated: readonly Repeated[], now: Date): Promise<void> {
    const open = repeated.filter(({ ask, coupon }) => lacks(coupon, ask, now));
    if (open.length > 0) await this.outbox.transaction((tx) => this.request(tx, open, now, single));
  }

  /** The same for a list, as part of its transaction; told as `coupon.bulk_send_requested`. */
  async sendListWhereMissing(tx: Transaction, repeated: readonly Repeated[], now: Date): Promise<void> {
    const open = repeated.filter(({ ask, coupon }) => lacksAny(coupon, ask, now));
    if (open.length > 0) await this.request(tx, open, now, list);
  }

  private async request(
    tx: Transaction,
    open: readonly Repeated[],
    now: Date,
    { event, lacks: isMissing, delivery }: SendMode,
  ): Promise<void> {
    const rows = await tx.find(CouponEntity, {
      where: {
        accountId: In([...new Set(open.map(({ coupon }) => coupon.accountId))]),
        id: inIndex(open.map(({ coupon }) => coupon.id)),
      },
      order: { id: 'asc' },
      lock: { mode: 'pessimistic_write' },
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const items: CouponSendRequestedItem[] = [];
    const contexts: (MessageContext | null)[] = [];
    for (const settled of open) {
      const { ask } = settled;
      const coupon = byId.get(settled.coupon.id)!;
      settled.coupon = coupon;
      if (ask.channel === 'none' || !isMissing(coupon, ask, now)) continue;
      const to = addressFor(ask.recipient, ask.channel)!;
      items.push(addDelivery(coupon, ask.campaign, delivery(coupon, ask.channel, to), ask.request.message));
      contexts.push(ask.context);
    }
    await writeDeliveries(tx, rows);
    await this.outbox.add(tx, event, items, { contexts });
  }

  /** Sends once more, whatever was sent before. */
  async again(request: RequestOf<typeof SendCoupon>, context?: MessageContext): Promise<Coupon> {
    const { accountId, couponId, channel, message } = request;
    const found = await this.dataSource.manager.findOneBy(CouponEntity, { accountId, id: couponId });
    if (!found) throw couponNotFound();
    const address = addressFor(found.recipient, channel);
    if (!address) throw invalid('recipient.no_address', `The recipient has no address for ${channel}.`);
    const suppressed = await this.isSuppressed(accountId, channel, address, context);
    return this.outbox.transaction(async (tx) => {
      const coupon = await tx.findOneOrFail(CouponEntity, {
        where: { accountId, id: couponId },
        lock: { mode: 'pessimistic_write' },
      });
      const campaign = await tx.findOneByOrFail(CampaignEntity, { id: coupon.campaignId });
      const now = this.clock.now();
      const status = statusOf(coupon, campaign, now);
      if (status !== 'issued')
        throw conflict('coupon.not_usable', `The coupon is ${status}: there is nothing to send.`, { status });
      if (suppressed)
        throw conflict('recipient.suppressed', 'The recipient must not be written to at this address.');
      const item = addDelivery(coupon, campaign, newDelivery(channel, address), message);
      await writeDeliveries(tx, [coupon]);
      await this.outbox.add(tx, CouponSendRequested, [item], { contexts: [context ?? null] });
      return couponOf(coupon, campaign, now, address);
    });
  }
}

function lacks(coupon: CouponEntity, { campaign, channel, recipient }: IssueRequest, now: Date): boolean {
  if (channel === 'none' || statusOf(coupon, campaign, now) !== 'issued') return false;
  const to = addressFor(recipient, channel);
  const known = coupon.deliveries.find((delivery) => delivery.to === to);
  return !known || known.status === 'failed' || known.status === 'suppressed' || waitsForList(known);
}

const waitsForList = ({ bulk, status }: KnownDelivery): boolean => bulk === true && status === 'queued';

/** Under the same id when a list's has not gone out yet: notification sends a delivery once, no matter who asked for it. */
function singleDelivery(coupon: CouponEntity, channel: Channel, to: string): KnownDelivery {
  const known = coupon.deliveries.find((delivery) => delivery.to === to);
  const fresh = newDelivery(channel, to);
  return known && waitsForList(known) ? { ...fresh, id: known.id } : fresh;
}

/** To someone on a list nothing more is written over a channel that has carried their coupon, to whichever address. */
function lacksAny(coupon: CouponEntity, { campaign, channel }: IssueRequest, now: Date): boolean {
  if (channel === 'none' || statusOf(coupon, campaign, now) !== 'issued') return false;
  return coupon.deliveries
    .filter((known) => known.channel === channel)
    .every(({ status }) => status === 'failed' || status === 'suppressed');
}

interface SendMode {
  /** Or `BulkSendRequested`, of the same shape. */
  event: typeof CouponSendRequested;
  lacks: typeof lacks;
  delivery: typeof singleDelivery;
}
const single: SendMode = { event: CouponSendRequested, lacks, delivery: singleDelivery };
const list: SendMode = {
  event: BulkSendRequested,
  lacks: lacksAny,
  delivery: (_coupon, channel, to) => newListDelivery(channel, to),
};

function addDelivery(
  coupon: CouponEntity,
  campaign: CampaignEntity,
  delivery: KnownDelivery,
  message: MessageOverride | undefined,
): CouponSendRequestedItem {
  coupon.deliveries = [...coupon.deliveries.filter((known) => known.to !== delivery.to), delivery];
  return messagePayloadOf(coupon, campaign, delivery, message);
}

async function writeDeliveries(tx: Transaction, coupons: readonly CouponEntity[]): Promise<void> {
  await tx.query(
    `update coupon set deliveries = known.deliveries::jsonb
     from unnest($1::text[], $2::text[], $3::text[]) as known (account_id, id, deliveries)
     where coupon.account_id = known.account_id and coupon.id = known.id`,
    [
      coupons.map((coupon) => coupon.accountId),
      coupons.map((coupon) => coupon.id),
      coupons.map((coupon) => JSON.stringify(coupon.deliveries)),
    ],
  );
}
