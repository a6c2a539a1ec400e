import { Injectable } from '@nestjs/common';
import type { Campaign } from '@tearoff/contracts';
import { prepared, ZoneNames } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';
import { targets } from '../rebuild/generations';

type Known = Pick<Campaign, 'id' | 'accountId' | 'version' | 'name' | 'timezone'>;

/** Keeps name and zone of each campaign; of two versions the higher wins, whichever comes last. */
@Injectable()
export class CampaignsProjection {
  constructor(private readonly zones: ZoneNames) {}

  async store(manager: EntityManager, campaigns: readonly Known[], generation?: number): Promise<void> {
    const newest = new Map<string, Known>();
    for (const campaign of campaigns)
      if (campaign.version > (newest.get(campaign.id)?.version ?? 0)) newest.set(campaign.id, campaign);
    if (newest.size === 0) return;
    const rows = [];
    for (const { id, accountId, version, name, timezone } of newest.values()) {
      const zone = await this.zones.known(manager, timezone);
      rows.push({ id, account_id: accountId, version, name, timezone: zone });
    }
    await prepared(manager, storeStatement, [JSON.stringify(rows), generation ?? null]);
  }
}

const storeStatement = {
  name: 'campaign-store',
  text: `with item as (select * from json_to_recordset($1::json) as row (account_id text, id text, version int,
           name text, timezone text)),
         ${targets}
       insert into campaign (account_id, generation, id, version, name, timezone)
       select account_id, generation, id, version, name, timezone from item join target using (account_id)
       on conflict (account_id, generation, id) do update
         set version = excluded.version, name = excluded.name, timezone = excluded.timezone
         where excluded.version > campaign.version`,
};
