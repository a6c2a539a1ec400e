import type { LedgerEntry } from '@tearoff/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A movement, never changed (a trigger refuses it). `seq` counts an enrolment's entries without gaps. A reference counts
 * once among those of callers (`ofCaller`), and once among our own.
 */
@Entity('entry')
@Check('entry_amount_check', 'amount <> 0')
@Check('entry_balance_check', 'balance >= 0')
@Index('entry_reference', ['cardId', 'memberId', 'ofCaller', 'reference'], {
  unique: true,
  where: '(reference IS NOT NULL)',
})
export class EntryEntity {
  @PrimaryColumn({ type: 'text', name: 'card_id', collation: 'C' }) cardId: string;
  @PrimaryColumn({ type: 'text', name: 'member_id', collation: 'C' }) memberId: string;
  @PrimaryColumn('int') seq: number;
  @Column({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', collation: 'C' }) kind: LedgerEntry['kind'];
  @Column('bigint') amount: string;
  @Column('bigint') balance: string;
  @Column({ type: 'text', collation: 'C', nullable: true }) reference: string | null;
  @Column('boolean', { name: 'of_caller' }) ofCaller: boolean;
  @Column({ type: 'text', nullable: true }) reason: string | null;
  @Column({ type: 'text', name: 'store_id', collation: 'C', nullable: true }) storeId: string | null;
  @Column({ type: 'text', collation: 'C' }) by: string;
  @Column('timestamptz') at: Date;
  @Column('timestamptz', { name: 'pending_until', nullable: true }) pendingUntil: Date | null;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt: Date | null;
}

export const entryOf = (row: EntryEntity): LedgerEntry => ({
  id: row.id,
  accountId: row.accountId,
  cardId: row.cardId,
  memberId: row.memberId,
  kind: row.kind,
  amount: Number(row.amount),
  balance: Number(row.balance),
  reference: row.reference,
  reason: row.reason,
  storeId: row.storeId,
  by: row.by,
  at: row.at.toISOString(),
  pendingUntil: row.pendingUntil?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
});
