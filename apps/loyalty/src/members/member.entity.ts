import type { Member } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('member')
/** Unique in its account: the person key of `phone`, an expression. */
@Index('member_phone_key', { synchronize: false })
@Index('member_email', ['accountId', 'email'], { unique: true })
@Index('member_external_id', ['accountId', 'externalId'], { unique: true })
@Index('member_search', { synchronize: false })
export class MemberEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', collation: 'C', nullable: true }) phone: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) email: string | null;
  @Column({ type: 'text', name: 'external_id', collation: 'C', nullable: true }) externalId: string | null;
  @Column({ type: 'text', name: 'first_name', nullable: true }) firstName: string | null;
  @Column({ type: 'text', name: 'last_name', nullable: true }) lastName: string | null;
  @Column('date', { nullable: true }) birthday: string | null;
  @Column({ type: 'text', collation: 'C' }) gender: Member['gender'];
  @Column({ type: 'text', nullable: true }) city: string | null;
  @Column({ type: 'text', name: 'language_code', nullable: true }) languageCode: string | null;
  @Column({ type: 'text', name: 'password_hash', collation: 'C', nullable: true }) passwordHash:
    string | null;
  /** Everything they are found by, folded as `searchText` does. */
  @Column({ type: 'text', collation: 'C' }) search: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

export const memberOf = (row: Omit<MemberEntity, 'passwordHash' | 'search'>): Member => ({
  id: row.id,
  accountId: row.accountId,
  phone: row.phone,
  email: row.email,
  externalId: row.externalId,
  firstName: row.firstName,
  lastName: row.lastName,
  birthday: row.birthday,
  gender: row.gender,
  city: row.city,
  languageCode: row.languageCode,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
