import type { Campaign, CampaignContent, CampaignMessages } from '@tearoff/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What notification has to know of a campaign to write its messages; issuance owns the campaign. */
@Entity('campaign')
export class CampaignProjection {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('int') version: number;
  @Column('text') name: string;
  @Column('text') timezone: string;
  @Column('jsonb') content: CampaignContent;
  @Column('jsonb') messages: CampaignMessages;
  @Column('jsonb') offers: Campaign['offers'];
  /** Null as `status` is. */
  @Column('text', { nullable: true }) barcode: Campaign['barcode'] | null;
  /** Null of a campaign that has not changed since this was first kept. */
  @Column('text', { nullable: true }) status: Campaign['status'] | null;
  @Column('timestamptz', { name: 'ends_at', nullable: true }) endsAt: Date | string | null;
}

export const projectionOf = (campaign: Campaign): CampaignProjection => ({
  id: campaign.id,
  accountId: campaign.accountId,
  version: campaign.version,
  name: campaign.name,
  timezone: campaign.timezone,
  content: campaign.content,
  messages: campaign.messages,
  offers: campaign.offers,
  barcode: campaign.barcode,
  status: campaign.status,
  endsAt: campaign.validity.endsAt ?? null,
});
