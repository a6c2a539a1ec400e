import { Injectable } from '@nestjs/common';
import type { Enrolment, Member, ReplyOf, RequestOf, SearchMembers } from '@tearoff/contracts';
import { toPage } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { CardsService } from '../cards/cards.service';
import { EnrolmentsService } from '../enrolments/enrolments.service';
import { searchStatement } from './member-search.sql';
import { memberOf } from './member.entity';

type Found = Parameters<typeof memberOf>[0];

/** Newest first. */
@Injectable()
export class MemberSearch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cards: CardsService,
    private readonly enrolments: EnrolmentsService,
  ) {}

  async search(request: RequestOf<typeof SearchMembers>): Promise<ReplyOf<typeof SearchMembers>> {
    const { accountId, cardId, limit = 50 } = request;
    if (cardId !== undefined) await this.cards.ofAccount(accountId, cardId);
    const rows = await this.rows(request, limit + 1);
    const page = rows.slice(0, limit).map(memberOf);
    const enrolments = cardId === undefined ? [] : await this.enrolmentsOf(cardId, page);
    const byMember = new Map(enrolments.map((enrolment) => [enrolment.memberId, enrolment]));
    const data = page.map((member) => ({ member, enrolment: byMember.get(member.id) ?? null }));
    return { data, nextCursor: toPage(rows, limit, memberOf).nextCursor };
  }

  private enrolmentsOf(cardId: string, members: readonly Member[]): Promise<Enrolment[]> {
    return this.enrolments.views(members.map(({ id: memberId }) => ({ cardId, memberId })));
  }

  private rows(request: RequestOf<typeof SearchMembers>, limit: number): Promise<Found[]> {
    const { text, values } = searchStatement(request, limit);
    return this.dataSource.query(text, values) as Promise<Found[]>;
  }
}
