import { Injectable } from '@nestjs/common';
import type { DomainError, GetCardPage, ReplyOf, RequestOf } from '@tearoff/contracts';
import { DataSource, In } from 'typeorm';
import { CardsService } from '../cards/cards.service';
import { LedgerReader } from '../ledger/ledger-reader';
import { MembersService } from '../members/members.service';
import { EnrolmentEntity } from './enrolment.entity';
import { enrolmentNotFound } from './enrolments.errors';
import { EnrolmentsService } from './enrolments.service';

type Page = ReplyOf<typeof GetCardPage>;

const shown = 20;

/** What the pages of cards show, each by its token. */
@Injectable()
export class CardPages {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cards: CardsService,
    private readonly members: MembersService,
    private readonly enrolments: EnrolmentsService,
    private readonly ledger: LedgerReader,
  ) {}

  async pages(requests: readonly RequestOf<typeof GetCardPage>[]): Promise<(Page | DomainError)[]> {
    const { manager } = this.dataSource;
    const rows = await manager.findBy(EnrolmentEntity, { token: In(requests.map(({ token }) => token)) });
    const [views, cards, members] = await Promise.all([
      this.enrolments.viewsOf(rows),
      this.cards.byId(
        manager,
        rows.map(({ cardId }) => cardId),
      ),
      this.members.byId(manager, rows),
    ]);
    const byToken = new Map(views.map((view) => [view.token, view]));
    return Promise.all(
      requests.map(async ({ token }) => {
        const enrolment = byToken.get(token);
        if (!enrolment) return enrolmentNotFound();
        const [entries, rewards] = await Promise.all([
          this.ledger.newest(enrolment, shown),
          this.ledger.rewards(enrolment, shown),
        ]);
        const card = cards.get(enrolment.cardId)!;
        return { card, member: members.get(enrolment.memberId)!, enrolment, entries, rewards };
      }),
    );
  }
}
