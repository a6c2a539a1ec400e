import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The passcode an address was sent last. The six digits are an HMAC of `id`: they are kept nowhere. */
@Entity('claim_passcode')
export class PasscodeEntity {
  @PrimaryColumn('text', { name: 'campaign_id', collation: 'C' }) campaignId: string;
  @PrimaryColumn('text', { collation: 'C' }) address: string;
  @Column({ type: 'text', collation: 'C' }) id: string;
  @Column('int', { default: 0 }) tries: number;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
