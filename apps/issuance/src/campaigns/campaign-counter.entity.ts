import { Column, Entity, PrimaryColumn } from 'typeorm';

/** bigint columns arrive as text. `taken` and `stocked` (tickets of the stack) are kept in lane 0. */
@Entity('campaign_counter')
export class CampaignCounterEntity {
  @PrimaryColumn('text', { name: 'campaign_id', collation: 'C' }) campaignId: string;
  @PrimaryColumn('int') lane: number;
  @Column('bigint', { default: 0 }) issued: string;
  @Column('bigint', { default: 0 }) taken: string;
  @Column('bigint', { default: 0 }) stocked: string;
  /** Whether the stack's low state was told of; armed again once it is above. */
  @Column('boolean', { name: 'low_told', default: false }) lowAnnounced: boolean;
}
