import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That someone was erased; a name in it would be what they asked to be rid of. */
@Entity('erasure')
export class ErasureEntity {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'api_key_id', collation: 'C' }) apiKeyId: string;
  @Column('timestamptz') at: Date;
}
