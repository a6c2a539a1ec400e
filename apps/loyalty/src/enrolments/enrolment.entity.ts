import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A member on a card, and what the ledger amounts to. `balance`: the sum of their entries. `debt`: taken back after it was
 * spent, paid by what comes in next. `entries`: how many the ledger holds. `settledAt`: until then everything that falls
 * due by itself is entered; the next such thing is at `nextDueAt`. `resting`: by a reward's id, until when it is not
 * granted by itself.
 */
@Entity('enrolment')
@Check('enrolment_balance_check', 'balance >= 0')
@Check('enrolment_debt_check', 'debt >= 0')
@Index('enrolment_token', ['token'], { unique: true })
@Index('enrolment_number', ['accountId', 'number'], { unique: true })
@Index('enrolment_of_member', ['accountId', 'memberId'])
@Index('enrolment_due', ['nextDueAt'], { where: '(next_due_at IS NOT NULL)' })
export class EnrolmentEntity {
  @PrimaryColumn({ type: 'text', name: 'card_id', collation: 'C' }) cardId: string;
  @PrimaryColumn({ type: 'text', name: 'member_id', collation: 'C' }) memberId: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', collation: 'C' }) token: string;
  @Column({ type: 'text', collation: 'C' }) number: string;
  @Column('bigint', { default: 0 }) balance: string;
  @Column('bigint', { default: 0 }) debt: string;
  @Column('int', { default: 0 }) entries: number;
  @Column({ type: 'text', nullable: true }) tier: string | null;
  @Column('timestamptz', { name: 'idle_until', nullable: true }) idleUntil: Date | null;
  @Column('jsonb', { default: {} }) resting: Record<string, string>;
  @Column('timestamptz', { name: 'settled_at' }) settledAt: Date;
  @Column('timestamptz', { name: 'next_due_at', nullable: true }) nextDueAt: Date | null;
  @Column('timestamptz', { name: 'enrolled_at' }) enrolledAt: Date;
  @Column('timestamptz', { name: 'last_activity_at' }) lastActivityAt: Date;
}
