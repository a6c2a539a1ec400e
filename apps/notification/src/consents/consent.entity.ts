import type { Channel, Consent } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who agreed to be written to, or stopped. Rows are added and never changed: the whole story is the evidence. */
@Entity('consent')
@Index('consent_account', ['accountId', 'id'])
@Index('consent_address', ['address', 'accountId'])
export class ConsentEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', collation: 'C' }) channel: Channel;
  @Column({ type: 'text', collation: 'C' }) address: string;
  @Column({ type: 'text', collation: 'C' }) kind: Consent['kind'];
  @Column('text') how: string;
  @Column('text', { nullable: true }) text: string | null;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C', nullable: true }) campaignId: string | null;
  @Column('timestamptz') at: Date;
}

export const consentView = ({ at, ...row }: ConsentEntity): Consent => ({ ...row, at: at.toISOString() });
