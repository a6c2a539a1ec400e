import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A place where coupons are spent. Its id may be the one that the account's tills send. */
@Entity('store')
export class StoreEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column('text') name: string;
  @Column({ type: 'text', nullable: true }) address: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) timezone: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
}
