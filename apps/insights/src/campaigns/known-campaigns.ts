import { Injectable } from '@nestjs/common';
import { GetCampaign } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { liveGeneration, oneWriter } from '../rebuild/generations';
import { CampaignsProjection } from './campaigns.projection';

@Injectable()
export class KnownCampaigns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly commands: CommandClient,
    private readonly campaigns: CampaignsProjection,
  ) {}

  /** Its zone. One not heard of yet is asked for; fails with `campaign.not_found`. */
  async zoneOf(accountId: string, campaignId: string): Promise<string> {
    const known = await this.find(accountId, campaignId);
    if (known) return known;
    const campaign = await this.commands.send(GetCampaign, { accountId, campaignId });
    await this.dataSource.transaction(async (tx) => {
      await oneWriter(tx);
      await this.campaigns.store(tx, [campaign]);
    });
    return (await this.find(accountId, campaignId)) ?? 'UTC';
  }

  private async find(accountId: string, campaignId: string): Promise<string | undefined> {
    const rows = (await this.dataSource.query(
      `select timezone from campaign where account_id = $1 and generation = ${liveGeneration} and id = $2`,
      [accountId, campaignId],
    )) as { timezone: string }[];
    return rows[0]?.timezone;
  }
}
