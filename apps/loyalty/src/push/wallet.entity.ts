import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export const walletKinds = ['apple', 'google'] as const;
export type WalletKind = (typeof walletKinds)[number];

/** What is told of changes: a phone (`address`: its push token), or one pass at Google (`address`: the pass). */
@Entity('wallet')
export class WalletEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', collation: 'C' }) kind: WalletKind;
  @Column({ type: 'text', collation: 'C' }) address: string;
  @Column('bigint', { default: 0 }) counter: string;
  /** Null: it knows everything. */
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt: Date | null;
  @Column('timestamptz', { name: 'lease_until', nullable: true }) leaseUntil: Date | null;
  @Column('int', { default: 0 }) attempts: number;
  @Column('timestamptz', { name: 'told_at', nullable: true }) pushedAt: Date | null;
}

/** `tag`: the wallet's counter when that pass changed last. `registeredAt`: when it asked for that pass last. */
@Entity('wallet_pass')
export class WalletPassEntity {
  @PrimaryColumn({ type: 'text', name: 'wallet_id', collation: 'C' }) walletId: string;
  @Index('wallet_pass_of_pass')
  @PrimaryColumn({ type: 'text', name: 'pass_id', collation: 'C' })
  passId: string;
  @Column('bigint', { default: 0 }) tag: string;
  @Column('timestamptz', { name: 'registered_at', default: () => 'now()' }) registeredAt: Date;
}
