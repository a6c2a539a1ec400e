import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whether a campaign's public claims are halted, and since when its messages are counted. */
@Entity('claim_gate')
export class ClaimGateEntity {
  @PrimaryColumn('text', { name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column('timestamptz', { default: () => 'now()' }) since: Date;
  @Column('timestamptz', { name: 'halted_at', nullable: true }) haltedAt: Date | null;
}
