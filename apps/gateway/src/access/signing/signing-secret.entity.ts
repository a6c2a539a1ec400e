import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('signing_secret')
export class SigningSecretEntity {
  @PrimaryColumn('text', { collation: 'C' }) name: string;
  @Column('bytea') value: Buffer;
}
