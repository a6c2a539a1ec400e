import type { Static } from '@sinclair/typebox';
import type { Spend } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Money spent on an ad, as someone told us; history of our own. */
@Entity('spend')
@Index('spend_campaign', ['accountId', 'campaignId', 'day'])
export class SpendEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column({ type: 'text', collation: 'C' }) source: string;
  @Column('jsonb', { name: 'told_source' }) givenSource: Static<typeof Spend>['source'];
  @Column('date') day: string;
  @Column('bigint') amount: string;
  @Column({ type: 'text', collation: 'C' }) currency: string;
}
