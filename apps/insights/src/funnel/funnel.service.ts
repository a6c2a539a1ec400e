import { Injectable } from '@nestjs/common';
import { invalid, type GetFunnel, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { KnownCampaigns } from '../campaigns/known-campaigns';
import { funnelOf, type Percentiles, type Row } from './funnel.lines';
import { couponCounts, secondsToRedeem, spendSums, trafficCounts } from './funnel.sql';
import { checkSpan } from './span';

/** A report is read by people; who wants every coupon lists the coupons. */
export const maxLines = 20_000;

export const tooManyLines = () =>
  invalid('report.too_many_lines', `The report has more than ${maxLines} lines: ask for a shorter span.`);

@Injectable()
export class FunnelService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly campaigns: KnownCampaigns,
  ) {}

  async get(request: RequestOf<typeof GetFunnel>): Promise<ReplyOf<typeof GetFunnel>> {
    const { accountId, campaignId, groupBy, from, to } = request;
    checkSpan(request);
    if (campaignId !== undefined) await this.campaigns.zoneOf(accountId, campaignId);
    const span = [accountId, campaignId ?? null, from ?? null, to ?? null];
    const counted = (text: string): Promise<Row[]> => this.dataSource.query(text, [...span, maxLines + 1]);
    const [coupons, traffic, spend, percentiles] = await Promise.all([
      counted(couponCounts(groupBy)),
      counted(trafficCounts(groupBy)),
      counted(spendSums(groupBy)),
      this.dataSource.query<Percentiles[]>(secondsToRedeem(groupBy), span),
    ]);
    const rows = [...coupons, ...traffic, ...spend];
    if ([coupons, traffic, spend].some((part) => part.length > maxLines)) throw tooManyLines();
    return funnelOf(groupBy, rows, percentiles);
  }
}
