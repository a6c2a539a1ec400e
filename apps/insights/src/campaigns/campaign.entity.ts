import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a report has to know of a campaign: that it exists, and what a day is there. */
@Entity('campaign')
export class CampaignEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn('int') generation: number;
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column('int') version: number;
  @Column('text') name: string;
  @Column({ type: 'text', collation: 'C' }) timezone: string;
}
