import { Injectable } from '@nestjs/common';
import type { GetLoyaltyReport, ReplyOf, RequestOf } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { KnownCards } from '../cards/known-cards';
import { checkSpan } from '../funnel/span';
import { everyInterval } from '../timeseries/intervals';
import { reportStatement } from './loyalty.sql';

type Line = ReplyOf<typeof GetLoyaltyReport>['data'][number];

const nothing: Omit<Line, 'day'> = {
  membersEnrolled: 0,
  pointsAwarded: 0,
  pointsSpent: 0,
  pointsExpired: 0,
  rewardsIssued: 0,
  membersChangedTier: 0,
};

@Injectable()
export class LoyaltyService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cards: KnownCards,
  ) {}

  async get(request: RequestOf<typeof GetLoyaltyReport>): Promise<ReplyOf<typeof GetLoyaltyReport>> {
    const { accountId, cardId, groupBy, from, to } = request;
    checkSpan(request);
    const zone = await this.cards.zoneOf(accountId, cardId);
    const values = [accountId, cardId, zone, from ?? null, to ?? null, groupBy];
    const happened: Line[] = await this.dataSource.query(reportStatement, values);
    return { data: everyInterval(happened, request, groupBy, nothing) };
  }
}
