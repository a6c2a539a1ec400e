import { Injectable } from '@nestjs/common';
import type { LedgerEntry, ListLedger, ReplyOf, RequestOf, RewardIssue } from '@tearoff/contracts';
import { decodeCursor, toPageBy } from '@tearoff/service-kit';
import { DataSource, LessThan } from 'typeorm';
import { CardsService } from '../cards/cards.service';
import { enrolmentNotFound } from '../enrolments/enrolments.errors';
import { LedgerSettlement } from '../expiry/ledger-settlement';
import { RewardIssueEntity, rewardIssueOf } from '../rewards/reward-issue.entity';
import type { LedgerKey } from './ledgers';
import { EntryEntity, entryOf } from './entry.entity';

/** What a ledger shows, newest first. */
@Injectable()
export class LedgerReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cards: CardsService,
    private readonly settlement: LedgerSettlement,
  ) {}

  async list(request: RequestOf<typeof ListLedger>): Promise<ReplyOf<typeof ListLedger>> {
    const { accountId, cardId, memberId, limit = 50, cursor } = request;
    const before = decodeCursor(cursor, /^[1-9]\d{0,8}$/);
    await this.cards.ofAccount(accountId, cardId);
    if ((await this.settlement.current([{ cardId, memberId }])).size === 0) throw enrolmentNotFound();
    const rows = await this.rows(
      { cardId, memberId },
      limit + 1,
      before === undefined ? undefined : Number(before),
    );
    return toPageBy(({ seq }) => String(seq), rows, limit, entryOf);
  }

  async newest(key: LedgerKey, limit: number): Promise<LedgerEntry[]> {
    return (await this.rows(key, limit)).map(entryOf);
  }

  async rewards({ cardId, memberId }: LedgerKey, limit: number): Promise<RewardIssue[]> {
    const rows = await this.dataSource.manager.find(RewardIssueEntity, {
      where: { cardId, memberId },
      order: { id: 'desc' },
      take: limit,
    });
    return rows.map(rewardIssueOf);
  }

  private rows({ cardId, memberId }: LedgerKey, limit: number, before?: number): Promise<EntryEntity[]> {
    return this.dataSource.manager.find(EntryEntity, {
      where: { cardId, memberId, ...(before !== undefined && { seq: LessThan(before) }) },
      order: { seq: 'desc' },
      take: limit,
    });
  }
}
