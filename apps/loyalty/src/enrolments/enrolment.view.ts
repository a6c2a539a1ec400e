import type { Enrolment } from '@tearoff/contracts';
import type { Book } from '../ledger/book';
import type { EnrolmentEntity } from './enrolment.entity';

/** An enrolment as its book stands now. */
export function enrolmentOf(row: EnrolmentEntity, book: Book): Enrolment {
  const { expiring, standing } = book;
  return {
    cardId: row.cardId,
    memberId: row.memberId,
    accountId: row.accountId,
    token: row.token,
    number: row.number,
    balance: book.spendable,
    pending: book.pending,
    debt: standing.debt,
    tier: standing.tier,
    expiring: expiring && { points: expiring.points, at: expiring.at.toISOString() },
    enrolledAt: row.enrolledAt.toISOString(),
    lastActivityAt: standing.lastActivityAt.toISOString(),
  };
}
