import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Scope } from './scopes';

/** A client's credentials. The secret itself is never kept. */
@Entity('api_key')
@Index('api_key_client_id', ['clientId'], { unique: true })
@Index('api_key_account', ['accountId', 'id'])
export class ApiKeyEntity {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'client_id', collation: 'C' }) clientId: string;
  @Column('bytea', { name: 'secret_hash' }) secretHash: Buffer;
  @Column('text') name: string;
  @Column('text', { array: true }) scopes: Scope[];
  /** Of a `public` key: the pages it may be used from. */
  @Column('text', { array: true, default: '{}' }) origins: string[];
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
}
