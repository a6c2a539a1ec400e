import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account that has workflows; `version` grows with each change to any of them. */
@Entity('listening')
export class SubscriptionVersionEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('bigint') version: string;
}
