import type { WalletPushJob } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A walk over all passes of a card or campaign: they have changed, or a message is to be told. */
@Entity('wallet_round')
@Index('wallet_round_of_card', ['cardId'])
@Index('wallet_round_of_campaign', ['campaignId'])
export class WalletPushJobEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'card_id', collation: 'C', nullable: true }) cardId: string | null;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C', nullable: true }) campaignId: string | null;
  @Column({ type: 'text', nullable: true }) message: string | null;
  @Column({ type: 'text', collation: 'C', default: 'queued' }) status: WalletPushJob['status'];
  @Column('int', { default: 0 }) devices: number;
  @Column('int', { default: 0 }) done: number;
  /** The last pass that was reached. */
  @Column({ type: 'text', collation: 'C', nullable: true }) after: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
}
