import type { CampaignMessages, Channel, MessageContext } from '@tearoff/contracts';
import type { Outbox } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { publishSettled } from '../deliveries/settled-events';
import { countRescheduled } from '../pacing/pacing.metrics';
import { mayWriteFrom } from '../quiet-hours/may-write';
import type { DueItem } from './dispatcher';
import { reschedule } from './reschedule';

interface ListRow extends Record<string, unknown> {
  id: string;
  address: string;
  timezone: string | null;
  quietHours: CampaignMessages['quietHours'];
  over: boolean;
}

const look = {
  name: 'delivery-list-check',
  text: `
    select d.id, d.address, c.timezone, c.messages -> 'quietHours' as "quietHours",
           coalesce(c.status = 'ended' or c.ends_at <= now(), false) as over
    from delivery d join campaign c on c.id = d.campaign_id
    where d.id = any($1)
      and (c.messages ->> 'quietHours' is not null or c.status = 'ended' or c.ends_at <= now())`,
};

const endWith = {
  name: 'delivery-list-over',
  text: `
    with held as materialized (
      select id from delivery where id = any($1) and status = 'queued' order by id for update
    ), written as (
      update delivery set status = 'failed', error = $2
      where id in (select id from held)
      returning id, account_id, coupon_id, campaign_id, channel, status, error
    ), cleared as (
      delete from message where delivery_id in (select id from written)
    )
    select id as "deliveryId", account_id as "accountId", coupon_id as "couponId",
           campaign_id as "campaignId", channel, status, error
    from written`,
};

/**
 * Looks at a list's deliveries before they are sent, for they may have waited long: in their recipient's quiet
 * hours they are put off, and what leads to a campaign that is over is not sent at all.
 */
export class ListCheck {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly channel: Channel,
  ) {}

  /** Those of the items that may go now; about the others everything is done when this resolves. */
  async sendable(items: readonly DueItem[]): Promise<readonly DueItem[]> {
    const rows = await prepared<ListRow>(this.dataSource, look, [items.map(({ id }) => id)]);
    if (rows.length === 0) return items;
    const held = new Map<string, Date | 'over'>();
    for (const { id, address, timezone, quietHours, over } of rows) {
      const from = over
        ? 'over'
        : mayWriteFrom({ channel: this.channel, address, quietHours, timezone: timezone! });
      if (from) held.set(id, from);
    }
    if (held.size === 0) return items;
    const later = items.flatMap((item) => {
      const dueAt = held.get(item.id);
      return dueAt instanceof Date ? [{ ...item, channel: this.channel, bulk: true, dueAt }] : [];
    });
    await reschedule(this.outbox, later);
    countRescheduled(this.channel, 'list', later.length);
    const ended = await this.end(items.filter(({ id }) => held.get(id) === 'over'));
    // One that a worker may have sent before it died is still to be told as such.
    return items.filter(({ id }) => !held.has(id) || (held.get(id) === 'over' && !ended.has(id)));
  }

  private async end(items: readonly DueItem[]): Promise<ReadonlySet<string>> {
    if (items.length === 0) return new Set();
    const contexts = new Map<string, MessageContext | null>(items.map(({ id, context }) => [id, context]));
    return this.outbox.transaction(async (tx) => {
      const settled = await prepared<Parameters<typeof publishSettled>[2][number]>(tx, endWith, [
        items.map(({ id }) => id),
        'not sent: the campaign is over',
      ]);
      await publishSettled(this.outbox, tx, settled, (id) => contexts.get(id) ?? null);
      return new Set(settled.map(({ deliveryId }) => deliveryId));
    });
  }
}
