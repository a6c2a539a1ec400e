import type { Enrolment } from '@tearoff/contracts';
import type { Ledger } from '../ledger/ledger';
import type { EnrolmentEntity } from './enrolment.entity';

/** An enrolment as its book stands now. */
export function enrolmentOf(row: EnrolmentEntity, ledger: Ledger): Enrolment {
  const { expiring, state } = ledger;
  return {
    cardId: row.cardId,
    memberId: row.memberId,
    accountId: row.accountId,
    token: row.token,
    number: row.number,
    balance: ledger.spendable,
    pending: ledger.pending,
    debt: state.debt,
    tier: state.tier,
    expiring: expiring && { points: expiring.points, at: expiring.at.toISOString() },
    enrolledAt: row.enrolledAt.toISOString(),
    lastActivityAt: state.lastActivityAt.toISOString(),
  };
}
