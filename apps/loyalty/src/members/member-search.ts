import { Injectable } from '@nestjs/common';
import type { FoundMember, ReplyOf, RequestOf, SearchMembers } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { CardsService } from '../cards/cards.service';
import { cursorOf, idOfCursor } from '../cursor';
import { EnrolmentsService } from '../enrolments/enrolments.service';
import { MembersService } from './members.service';
import { patternOf } from './search-text';

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

  /**
   * Never prepared: with the pattern before it the planner knows whether few have it (the trigram index) or many (the
   * newest members, until the page is full).
   */
  private async ids(request: RequestOf<typeof SearchMembers>, limit: number): Promise<string[]> {
    const { accountId, q, cardId, cursor } = request;
    const values: unknown[] = [accountId, limit];
    const bound = (value: unknown): string => `$${values.push(value)}`;
    const [table, id] = cardId === undefined ? ['member m', 'm.id'] : ['enrolment e', 'e.member_id'];
    const conditions = [`${table.at(-1)}.account_id = $1`];
    if (cardId !== undefined) conditions.push(`e.card_id = ${bound(cardId)}`);
    if (cursor !== undefined) conditions.push(`${id} < ${bound(idOfCursor('member', cursor))}`);
    if (q !== undefined) conditions.push(matches(q, bound));
    const rows = (await this.dataSource.query(
      `select ${id} as id from ${table}
       ${cardId !== undefined && q !== undefined ? 'join member m on m.account_id = e.account_id and m.id = e.member_id' : ''}
       where ${conditions.join(' and ')} order by ${id} desc limit $2`,
      values,
    )) as { id: string }[];
    return rows.map((row) => row.id);
  }
}

/** What begins as an id does is one, or its beginning: the primary key finds it. */
function matches(q: string, bound: (value: unknown) => string): string {
  const text = q.trim().toLowerCase();
  if (/^mem_[0-9a-z]*$/.test(text)) return `m.id >= ${bound(text)} and m.id < ${bound(`${text}~`)}`;
  return `m.search like ${bound(patternOf(q.trim()))}`;
}
