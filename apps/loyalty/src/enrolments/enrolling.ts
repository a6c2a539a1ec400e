import { Injectable } from '@nestjs/common';
import { MemberEnrolled, type MessageContext } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { Clock, prepared } from '@tearoff/service-kit';
import { CardsService } from '../cards/cards.service';
import { keyOf, type LedgerKey } from '../ledger/ledgers';
import { MembersService } from '../members/members.service';
import { tierAt } from '../tiers/tier';
import { newCardNumber } from './card-number';
import { newToken } from './token';

export interface NewEnrolment extends LedgerKey {
  accountId: string;
  context?: MessageContext | null;
}

// Only for the key: a number or a token drawn twice is an error, and another attempt draws others.
const enrolStatement = {
  name: 'enrol',
  text: `insert into enrolment (account_id, card_id, member_id, token, number, tier, settled_at, enrolled_at,
      last_activity_at)
    select account_id, card_id, member_id, token, number, tier, $7, $7, $7
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      as q (account_id, card_id, member_id, token, number, tier)
    order by card_id collate "C", member_id collate "C"
    on conflict (card_id, member_id) do nothing
    returning card_id as "cardId", member_id as "memberId"`,
};

@Injectable()
export class Enrolling {
  constructor(
    private readonly cards: CardsService,
    private readonly members: MembersService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Puts members on cards, all of which exist; tells by `keyOf` who was not on theirs before. */
  async enrol(tx: Transaction, newEnrolments: readonly NewEnrolment[]): Promise<Set<string>> {
    const asked = [...new Map(newEnrolments.map((one) => [keyOf(one), one])).values()];
    if (asked.length === 0) return new Set();
    const now = this.clock.now();
    const cards = await this.cards.byId(
      tx,
      asked.map(({ cardId }) => cardId),
    );
    const rows = await prepared<{ cardId: string; memberId: string }>(tx, enrolStatement, [
      asked.map(({ accountId }) => accountId),
      asked.map(({ cardId }) => cardId),
      asked.map(({ memberId }) => memberId),
      asked.map(() => newToken()),
      asked.map(() => newCardNumber()),
      asked.map(({ cardId }) => tierAt(cards.get(cardId)!, null, [], now)),
      now,
    ]);
    const made = new Set(rows.map(keyOf));
    await this.tell(
      tx,
      asked.filter((one) => made.has(keyOf(one))),
      now,
    );
    return made;
  }

  private async tell(tx: Transaction, enrolled: readonly NewEnrolment[], now: Date): Promise<void> {
    if (enrolled.length === 0) return;
    const members = await this.members.byId(tx, enrolled);
    const items = enrolled.map(({ accountId, cardId, memberId }) => {
      const { phone, email, externalId, firstName, languageCode } = members.get(memberId)!;
      const names = { phone, email, externalId, firstName, languageCode };
      return { accountId, cardId, memberId, ...names, at: now.toISOString() };
    });
    await this.outbox.add(tx, MemberEnrolled, items, {
      contexts: enrolled.map(({ context }) => context ?? null),
    });
  }
}
