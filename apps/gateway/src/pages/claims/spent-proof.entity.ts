import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A proof of work that has been used, until it would have expired. */
@Entity('spent_proof')
export class SpentProofEntity {
  @PrimaryColumn('text', { collation: 'C' }) nonce: string;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
