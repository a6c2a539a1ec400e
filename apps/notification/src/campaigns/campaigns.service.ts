import { Injectable } from '@nestjs/common';
import { GetCampaign, type Campaign } from '@tearoff/contracts';
import { CommandClient, type Transaction } from '@tearoff/messaging';
import { LRUCache } from 'lru-cache';
import { In } from 'typeorm';
import type { MessagePayload } from '../messages/message.variables';
import { CampaignProjection, projectionOf } from './campaign.entity';

@Injectable()
export class CampaignsService {
  private readonly known = new LRUCache<string, CampaignProjection>({ max: 1_000 });

  constructor(private readonly commands: CommandClient) {}

  /** Keeps the newest version of each, in whatever order they are heard of. */
  async keep(tx: Transaction, campaigns: readonly Campaign[]): Promise<void> {
    const newest = new Map<string, CampaignProjection>();
    for (const campaign of campaigns) {
      if (campaign.version > (newest.get(campaign.id)?.version ?? 0))
        newest.set(campaign.id, projectionOf(campaign));
    }
    // In the order of their ids: two transactions that keep the same campaigns must not wait for each other.
    const sorted = [...newest.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    await tx.query(
      `insert into campaign as kept (id, account_id, version, name, timezone, content, messages, offers,
                                    status, ends_at, barcode)
       select id, "accountId", version, name, timezone, content, messages, offers, status, "endsAt",
              barcode
       from json_to_recordset($1::json) as given (id text, "accountId" text, version int, name text, timezone text,
                                                  content jsonb, messages jsonb, offers jsonb, status text,
                                                  "endsAt" timestamptz, barcode text)
       on conflict (id) do update
         set version = excluded.version, name = excluded.name, timezone = excluded.timezone,
             content = excluded.content, messages = excluded.messages, offers = excluded.offers,
             status = excluded.status, ends_at = excluded.ends_at, barcode = excluded.barcode
         where kept.version < excluded.version`,
      [JSON.stringify(sorted)],
    );
  }

  /** The campaign of each letter, at least as new as when its coupon was given; asked of issuance if need be. */
  async forPayloads(
    tx: Transaction,
    payloads: readonly MessagePayload[],
  ): Promise<Map<string, CampaignProjection>> {
    const wanted = new Map<string, MessagePayload>();
    for (const payload of payloads) {
      const other = wanted.get(payload.campaignId);
      if (!other || other.campaignVersion < payload.campaignVersion) wanted.set(payload.campaignId, payload);
    }
    const found = new Map<string, CampaignProjection>();
    const take = (campaign: CampaignProjection | undefined): void => {
      if (!campaign || campaign.version < (wanted.get(campaign.id)?.campaignVersion ?? Infinity)) return;
      found.set(campaign.id, campaign);
      this.known.set(campaign.id, campaign);
      wanted.delete(campaign.id);
    };
    for (const id of wanted.keys()) take(this.known.get(id));
    if (wanted.size > 0) {
      const kept = await tx.getRepository(CampaignProjection).findBy({ id: In([...wanted.keys()]) });
      kept.forEach(take);
    }
    if (wanted.size > 0) {
      const asked = await Promise.all(
        [...wanted.values()].map(({ accountId, campaignId }) =>
          this.commands.send(GetCampaign, { accountId, campaignId }),
        ),
      );
      await this.keep(tx, asked);
      asked.map(projectionOf).forEach(take);
    }
    return found;
  }
}
