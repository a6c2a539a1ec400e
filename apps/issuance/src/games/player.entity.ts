import type { Recipient } from '@tearoff/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person as one game knows them. `linkDeliveryId`: the message that brings them the link to later plays. */
@Entity('player')
export class PlayerEntity {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column('jsonb') recipient: Recipient;
  @Column({ type: 'text', name: 'link_delivery_id', collation: 'C' }) linkDeliveryId: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
