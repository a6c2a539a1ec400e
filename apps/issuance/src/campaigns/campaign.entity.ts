import type {
  Campaign,
  CampaignContent,
  CampaignMessages,
  CodeFormat,
  Discount,
  GameRules,
  Limits,
  Offer,
  RedemptionRules,
} from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('campaign')
@Index('campaign_of_account', ['accountId', 'id'])
export class CampaignEntity {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('int', { default: 1 }) version: number;
  @Column('text') name: string;
  @Column({ type: 'text', collation: 'C' }) status: Campaign['status'];
  @Column({ type: 'text', collation: 'C' }) type: Campaign['type'];
  @Column('text') timezone: string;
  @Column('timestamptz', { name: 'starts_at', nullable: true }) startsAt: Date | null;
  @Column('timestamptz', { name: 'ends_at', nullable: true }) endsAt: Date | null;
  @Column('int', { name: 'days_after_issue', nullable: true }) daysAfterIssue: number | null;
  @Column({ type: 'text', collation: 'C' }) barcode: Campaign['barcode'];
  @Column('jsonb') content: CampaignContent;
  @Column({ type: 'jsonb', nullable: true }) discount: Discount | null;
  @Column('jsonb') codes: CodeFormat;
  @Column('jsonb') limits: Limits;
  @Column('jsonb') redemption: RedemptionRules;
  @Column('jsonb') messages: CampaignMessages;
  @Column('jsonb') offers: Offer[];
  @Column('jsonb') claim: Campaign['claim'];
  @Column({ type: 'jsonb', nullable: true }) game: GameRules | null;
  /** Whether it ever had a stack: then its coupons are counted in one lane. */
  @Column('boolean', { default: false }) stacked: boolean;
  /** Whether codes that carry no check character were assigned although it makes its own. */
  @Column('boolean', { name: 'foreign_codes', default: false }) foreignCodes: boolean;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The campaign as the other services know it. */
export function campaignOf(row: CampaignEntity): Campaign {
  return {
    id: row.id,
    accountId: row.accountId,
    version: row.version,
    name: row.name,
    status: row.status,
    type: row.type,
    content: row.content,
    discount: row.discount,
    timezone: row.timezone,
    validity: {
      startsAt: instant(row.startsAt),
      endsAt: instant(row.endsAt),
      daysAfterIssue: row.daysAfterIssue,
    },
    codes: row.codes,
    barcode: row.barcode,
    limits: row.limits,
    redemption: row.redemption,
    messages: row.messages,
    offers: row.offers,
    claim: row.claim,
    game: row.game,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
