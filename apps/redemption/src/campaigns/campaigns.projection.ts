import { Injectable } from '@nestjs/common';
import { minimumBasketOf, type Campaign } from '@tearoff/contracts';
import { ZoneNames } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';

/** Keeps the campaigns that redemption was told of; of two versions the higher wins, whichever comes last. */
@Injectable()
export class CampaignsProjection {
  constructor(private readonly zones: ZoneNames) {}

  async store(manager: EntityManager, campaigns: readonly Campaign[]): Promise<void> {
    const newest = new Map<string, Campaign>();
    for (const campaign of campaigns)
      if (campaign.version > (newest.get(campaign.id)?.version ?? 0)) newest.set(campaign.id, campaign);
    if (newest.size === 0) return;
    const rows: Record<string, unknown>[] = [];
    for (const campaign of newest.values())
      rows.push(rowOf(campaign, await this.zones.known(manager, campaign.timezone)));
    // In order of id, so that two writers of the same campaigns cannot lock each other.
    await manager.query(
      `insert into campaign (id, account_id, version, status, starts_at, ends_at, timezone, store_ids, channels,
         weekdays, hours_from, hours_to, min_basket, min_currency, content, discount, offers)
       select * from jsonb_to_recordset($1::jsonb) as row (id text, account_id text, version int, status text,
         starts_at timestamptz, ends_at timestamptz, timezone text, store_ids text[], channels text[],
         weekdays smallint[], hours_from time, hours_to time, min_basket bigint, min_currency text,
         content jsonb, discount jsonb, offers jsonb)
       order by id collate "C"
       on conflict (id) do update set version = excluded.version, status = excluded.status,
         starts_at = excluded.starts_at, ends_at = excluded.ends_at, timezone = excluded.timezone,
         store_ids = excluded.store_ids, channels = excluded.channels, weekdays = excluded.weekdays,
         hours_from = excluded.hours_from, hours_to = excluded.hours_to, min_basket = excluded.min_basket,
         min_currency = excluded.min_currency, content = excluded.content, discount = excluded.discount, offers = excluded.offers
       where excluded.version > campaign.version`,
      [JSON.stringify(rows)],
    );
  }
}

function rowOf(campaign: Campaign, timezone: string): Record<string, unknown> {
  const { redemption: rules, validity } = campaign;
  const minimum = minimumBasketOf(campaign);
  return {
    id: campaign.id,
    account_id: campaign.accountId,
    version: campaign.version,
    status: campaign.status,
    starts_at: validity.startsAt,
    ends_at: validity.endsAt,
    timezone,
    store_ids: unlessEmpty(rules.storeIds),
    channels: unlessEmpty(rules.channels),
    weekdays: unlessEmpty(rules.weekdays),
    hours_from: rules.hours?.from,
    // PostgreSQL's day ends at 24:00 sharp.
    hours_to: rules.hours && rules.hours.to > '24:00' ? '24:00' : rules.hours?.to,
    min_basket: minimum?.amount,
    min_currency: minimum?.currency,
    content: campaign.content,
    discount: campaign.discount,
    offers: campaign.offers,
  };
}

/** An empty list is a form left blank, not a coupon that can be spent nowhere. */
const unlessEmpty = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list && list.length > 0 ? list : undefined;
