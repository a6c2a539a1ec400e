import { Injectable } from '@nestjs/common';
import type { FoundMember, ReplyOf, RequestOf, SearchMembers } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { CardsService } from '../cards/cards.service';
import { cursorOf } from '../cursor';
import { EnrolmentsService } from '../enrolments/enrolments.service';
import { searchStatement } from './member-search.sql';
import { MembersService } from './members.service';

/** Newest first. */
@Injectable()
export class MemberSearch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cards: CardsService,
    private readonly members: MembersService,
    private readonly enrolments: EnrolmentsService,
  ) {}

  async search(request: RequestOf<typeof SearchMembers>): Promise<ReplyOf<typeof SearchMembers>> {
    const { accountId, cardId, limit = 50 } = request;
    if (cardId !== undefined) await this.cards.ofAccount(accountId, cardId);
    const ids = await this.ids(request, limit + 1);
    const page = ids.slice(0, limit);
    const keys = page.map((memberId) => ({ accountId, memberId }));
    const members = await this.members.byId(this.dataSource.manager, keys);
    const enrolments = new Map(
      cardId === undefined
        ? []
        : (await this.enrolments.views(page.map((memberId) => ({ cardId, memberId })))).map((enrolment) => [
            enrolment.memberId,
            enrolment,
          ]),
    );
    const data = page.map((id): FoundMember => ({
      member: members.get(id)!,
      enrolment: enrolments.get(id) ?? null,
    }));
    return { data, nextCursor: ids.length > limit ? cursorOf(page.at(-1)!) : null };
  }

  private async ids(request: RequestOf<typeof SearchMembers>, limit: number): Promise<string[]> {
    const { text, values } = searchStatement(request, limit);
    const rows = (await this.dataSource.query(text, values)) as { id: string }[];
    return rows.map((row) => row.id);
  }
}
