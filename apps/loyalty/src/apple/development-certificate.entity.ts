import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The chain of an installation without Apple's certificates: one row, PEM, the same for every process. */
@Entity('development_certificate')
export class DevelopmentCertificateEntity {
  @PrimaryColumn('int') id: number;
  @Column('text') root: string;
  @Column('text') intermediate: string;
  @Column('text') certificate: string;
  @Column('text') key: string;
}
