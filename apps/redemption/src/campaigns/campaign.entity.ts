import type { Campaign } from '@tearoff/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What redemption has to know of a campaign, in the form in which its statements ask. A null rule does not bind. */
@Entity('campaign')
export class CampaignEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('int') version: number;
  @Column({ type: 'text', collation: 'C' }) status: string;
  @Column('timestamptz', { name: 'starts_at', nullable: true }) startsAt: Date | null;
  @Column('timestamptz', { name: 'ends_at', nullable: true }) endsAt: Date | null;
  @Column({ type: 'text', collation: 'C' }) timezone: string;
  @Column({ type: 'text', name: 'store_ids', array: true, nullable: true }) storeIds: string[] | null;
  @Column({ type: 'text', array: true, nullable: true }) channels: string[] | null;
  @Column('smallint', { array: true, nullable: true }) weekdays: number[] | null;
  @Column('time', { name: 'hours_from', nullable: true }) hoursFrom: string | null;
  @Column('time', { name: 'hours_to', nullable: true }) hoursTo: string | null;
  @Column('bigint', { name: 'min_basket', nullable: true }) minBasket: string | null;
  /** Of the minimum; null of campaigns that were saved before it had to have one. */
  @Column({ type: 'text', name: 'min_currency', collation: 'C', nullable: true }) minCurrency: string | null;
  @Column('jsonb') content: Campaign['content'];
  @Column('jsonb', { nullable: true }) discount: Campaign['discount'];
  @Column('jsonb') offers: Campaign['offers'];
}
