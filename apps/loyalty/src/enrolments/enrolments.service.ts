import { Injectable } from '@nestjs/common';
import type {
  DomainError,
  Enrolment,
  EnrolMember,
  GetEnrolment,
  MessageContext,
  ReplyOf,
  RequestOf,
} from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { DataSource, In } from 'typeorm';
import { cardNotFound } from '../cards/cards.errors';
import { CardsService } from '../cards/cards.service';
import { LedgerSettlement } from '../expiry/ledger-settlement';
import { keyOf } from '../ledger/ledgers';
import { MembersService } from '../members/members.service';
import { memberNotFound } from '../members/members.errors';
import { retryOnConflict } from '@tearoff/service-kit';
import { cardNumberOf } from './card-number';
import { EnrolmentEntity } from './enrolment.entity';
import { enrolmentOf } from './enrolment.view';
import { cardNotActive, enrolmentNotFound } from './enrolments.errors';
import { Enrolling } from './enrolling';

@Injectable()
export class EnrolmentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly cards: CardsService,
    private readonly members: MembersService,
    private readonly enrolling: Enrolling,
    private readonly settlement: LedgerSettlement,
  ) {}

  async enrol(
    { accountId, cardId, memberId }: RequestOf<typeof EnrolMember>,
    context?: MessageContext,
  ): Promise<ReplyOf<typeof EnrolMember>> {
    const key = { accountId, cardId, memberId };
    const card = await this.cards.ofAccount(accountId, cardId);
    if ((await this.members.byId(this.dataSource.manager, [key])).size === 0) throw memberNotFound();
    const [state] = await this.views([key]);
    if (state) return { enrolment: state, repeated: true };
    if (!card.active) throw cardNotActive();
    const made = await retryOnConflict(() =>
      this.outbox.transaction((tx) => this.enrolling.enrol(tx, [{ ...key, context }])),
    );
    const [enrolment] = await this.views([key]);
    return { enrolment, repeated: made.size === 0 };
  }

  async get(requests: readonly RequestOf<typeof GetEnrolment>[]): Promise<(Enrolment | DomainError)[]> {
    const { manager } = this.dataSource;
    const cards = await this.cards.byId(
      manager,
      requests.map(({ cardId }) => cardId),
    );
    const numbers = requests.map(({ number }) => (number === undefined ? null : cardNumberOf(number)));
    const rows = await manager.find(EnrolmentEntity, {
      where: [
        { cardId: In([...cards.keys()]), memberId: In(requests.flatMap(({ memberId }) => memberId ?? [])) },
        {
          accountId: In([...new Set(requests.map(({ accountId }) => accountId))]),
          number: In(numbers.filter((number) => number !== null)),
        },
      ],
    });
    const views = await this.viewsOf(rows);
    return requests.map(({ accountId, cardId, memberId }, index) => {
      if (cards.get(cardId)?.accountId !== accountId) return cardNotFound();
      const found = views.find(
        (view) =>
          view.cardId === cardId &&
          (memberId === undefined ? view.number === numbers[index] : view.memberId === memberId),
      );
      return found ?? enrolmentNotFound();
    });
  }

  /** Those that exist. */
  async views(keys: readonly { cardId: string; memberId: string }[]): Promise<Enrolment[]> {
    if (keys.length === 0) return [];
    const rows = await this.dataSource.manager.findBy(EnrolmentEntity, {
      cardId: In([...new Set(keys.map(({ cardId }) => cardId))]),
      memberId: In([...new Set(keys.map(({ memberId }) => memberId))]),
    });
    const wanted = new Set(keys.map(keyOf));
    return this.viewsOf(rows.filter((row) => wanted.has(keyOf(row))));
  }

  async viewsOf(rows: readonly EnrolmentEntity[]): Promise<Enrolment[]> {
    const ledgers = await this.settlement.current(rows);
    return rows.map((row) => enrolmentOf(row, ledgers.get(keyOf(row))!));
  }
}
