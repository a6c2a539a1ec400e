import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Views and clicks of a quarter of an hour as one gateway process counted them; history of our own. */
@Entity('traffic')
export class TrafficEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) source: string;
  @PrimaryColumn('timestamptz') quarter: Date;
  @PrimaryColumn({ type: 'text', collation: 'C' }) counter: string;
  @Column('bigint') views: string;
  @Column('bigint') clicks: string;
  @Column('bigint', { name: 'bot_views' }) botViews: string;
  @Column('bigint', { name: 'bot_clicks' }) botClicks: string;
}
