import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The answer to a POST that named an Idempotency-Key; `status` is null while the first one is under way. */
@Entity('idempotency_key')
@Index('idempotency_key_expires_at', ['expiresAt'])
export class IdempotencyKeyEntity {
  @PrimaryColumn('text', { name: 'api_key_id', collation: 'C' }) apiKeyId: string;
  @PrimaryColumn('text', { collation: 'C' }) key: string;
  /** SHA-256 of method, address and body. Of a streamed body it is known only at its end. */
  @Column('bytea') fingerprint: Buffer;
  @Column('bytea', { name: 'stream_hash', nullable: true }) streamHash: Buffer | null;
  /** Names the request that holds the key, so that one whose lease ran out cannot store over its successor. */
  @Column({ type: 'text', collation: 'C' }) holder: string;
  @Column('timestamptz', { name: 'leased_until' }) leasedUntil: Date;
  @Column('smallint', { nullable: true }) status: number | null;
  @Column('json', { nullable: true }) headers: Record<string, string> | null;
  @Column('text', { nullable: true }) body: string | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
