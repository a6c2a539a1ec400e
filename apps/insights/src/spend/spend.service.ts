import { Injectable } from '@nestjs/common';
import { Type } from '@sinclair/typebox';
import {
  Day,
  fits,
  Id,
  notFound,
  type AddSpend,
  type ListSpend,
  type RemoveSpend,
  type ReplyOf,
  type RequestOf,
  type SpendEntry,
} from '@tearoff/contracts';
import { decodeCursor, invalidCursor, toPageBy } from '@tearoff/service-kit';
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
        givenSource: source,
        day,
        amount: String(amount),
        currency,
      })
      .orIgnore()
      .execute();
    return entryOf(await repository.findOneByOrFail({ accountId, id }));
  }

  /** The latest day first. Fails with `campaign.not_found`, `request.invalid_cursor`. */
  async list(request: RequestOf<typeof ListSpend>): Promise<ReplyOf<typeof ListSpend>> {
    const { accountId, campaignId, limit = 50, cursor } = request;
    await this.campaigns.zoneOf(accountId, campaignId);
    const rows = this.dataSource
      .getRepository(SpendEntity)
      .createQueryBuilder('spend')
      .where({ accountId, campaignId })
      .orderBy({ 'spend.day': 'DESC', 'spend.id': 'DESC' })
      .limit(limit + 1);
    if (cursor !== undefined) rows.andWhere('(spend.day, spend.id) < (:day, :id)', placeOf(cursor));
    const found = await rows.getMany();
    return toPageBy(({ day, id }) => `${day} ${id}`, found, limit, entryOf);
  }

  /** Fails with `spend.not_found`. */
  async remove({ accountId, campaignId, spendId }: RequestOf<typeof RemoveSpend>): Promise<void> {
    const spend = this.dataSource.getRepository(SpendEntity);
    const { affected } = await spend.delete({ accountId, campaignId, id: spendId });
    if (affected === 0) throw notFound('spend.not_found', 'There is no such spend.');
  }
}

const entryOf = (row: SpendEntity): SpendEntry => ({
  id: row.id,
  source: row.givenSource,
  amount: Number(row.amount),
  currency: row.currency,
  day: row.day,
});

const Place = Type.Object({ day: Day(), id: Id('spend') });

function placeOf(cursor: string): { day: string; id: string } {
  const [day, id] = decodeCursor(cursor, /^.+$/)!.split(' ');
  // PostgreSQL knows no year 0.
  if (!fits(Place, { day, id }) || day < '0001') throw invalidCursor();
  return { day, id };
}
