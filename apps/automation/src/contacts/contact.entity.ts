import type { Contact } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('contact')
/** Unique in its account: the person key of `phone`, an expression. */
@Index('contact_phone_key', { synchronize: false })
@Index('contact_email', ['accountId', 'email'], { unique: true, where: 'email is not null' })
@Index('contact_external_id', ['accountId', 'externalId'], {
  unique: true,
  where: 'external_id is not null',
})
export class ContactEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  /** E.164, as it was given last. */
  @Column({ type: 'text', collation: 'C', nullable: true }) phone: string | null;
  /** Case-folded. */
  @Column({ type: 'text', collation: 'C', nullable: true }) email: string | null;
  @Column({ type: 'text', name: 'external_id', collation: 'C', nullable: true }) externalId: string | null;
  @Column('text', { name: 'first_name', nullable: true }) firstName: string | null;
  @Column('text', { name: 'last_name', nullable: true }) lastName: string | null;
  @Column('text', { name: 'language_code', nullable: true }) languageCode: string | null;
  @Column('text', { nullable: true }) timezone: string | null;
  @Column('jsonb', { default: {} }) fields: Record<string, unknown>;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' }) updatedAt: Date;
}

export const contactView = ({ createdAt, updatedAt, ...row }: ContactEntity): Contact => ({
  ...row,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
