import { Injectable } from '@nestjs/common';
import type { AddSpend, ReplyOf, RequestOf } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { KnownCampaigns } from '../campaigns/known-campaigns';
import { sourceKey } from '../sources/source-key';
import { SpendEntity } from './spend.entity';

@Injectable()
export class SpendService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly campaigns: KnownCampaigns,
  ) {}

  /** The same id again = what it said the first time. Fails with `campaign.not_found`. */
  async add(request: RequestOf<typeof AddSpend>): Promise<ReplyOf<typeof AddSpend>> {
    const { accountId, campaignId, id, source, amount, currency, day } = request;
    await this.campaigns.zoneOf(accountId, campaignId);
    const repository = this.dataSource.getRepository(SpendEntity);
    await repository
      .createQueryBuilder()
      .insert()
      .values({
        accountId,
        id,
        campaignId,
        source: sourceKey(source),
        toldSource: source,
        day,
        amount: String(amount),
        currency,
      })
      .orIgnore()
      .execute();
    const row = await repository.findOneByOrFail({ accountId, id });
    return {
      id: row.id,
      source: row.toldSource,
      amount: Number(row.amount),
      currency: row.currency,
      day: row.day,
    };
  }
}
