import { Injectable } from '@nestjs/common';
import type { GetTimeseries, ReplyOf, RequestOf } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { KnownCampaigns } from '../campaigns/known-campaigns';
import { checkSpan } from '../funnel/span';
import { everyInterval } from './intervals';
import { currenciesStatement, happeningsStatement } from './timeseries.sql';

type Line = ReplyOf<typeof GetTimeseries>['data'][number];

const nothing: Omit<Line, 'day'> = {
  views: 0,
  clicks: 0,
  issued: 0,
  opened: 0,
  redeemed: 0,
  reversed: 0,
  revenue: 0,
  discount: 0,
  spend: 0,
};

@Injectable()
export class TimeseriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly campaigns: KnownCampaigns,
  ) {}

  async get(request: RequestOf<typeof GetTimeseries>): Promise<ReplyOf<typeof GetTimeseries>> {
    const { accountId, campaignId, interval, from, to } = request;
    checkSpan(request);
    const zone = await this.campaigns.zoneOf(accountId, campaignId);
    const told = (await this.dataSource.query(currenciesStatement, [accountId, campaignId])) as {
      currency: string;
    }[];
    const currencies = told.map(({ currency }) => currency);
    const currency = request.currency ?? currencies[0] ?? null;
    const happened = (await this.dataSource.query(happeningsStatement, [
      accountId,
      campaignId,
      zone,
      from ?? null,
      to ?? null,
      interval,
      currency,
    ])) as Line[];
    return { data: everyInterval(happened, request, interval, nothing), currency, currencies };
  }
}
