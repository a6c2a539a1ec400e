import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A tenant. Exactly one is the operator's, made at the first start. */
@Entity('account')
@Index('account_one_operator', ['operator'], { unique: true, where: 'operator' })
export class AccountEntity {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column('text') name: string;
  @Column('boolean', { default: false }) operator: boolean;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
}
