import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A message for one pass at Google. `sending` outlives only an attempt whose end no one knows, until Google is asked.
 * `refused`: Google will never take it.
 */
@Entity('google_message')
export class GoogleMessageEntity {
  @PrimaryColumn({ type: 'text', name: 'wallet_id', collation: 'C' }) walletId: string;
  @PrimaryColumn({ type: 'text', name: 'round_id', collation: 'C' }) roundId: string;
  @Column('text') body: string;
  @Column({ type: 'text', collation: 'C', default: 'waiting' }) status:
    'waiting' | 'sending' | 'sent' | 'refused';
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt: Date | null;
}
