import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The delivery that was first written under a caller's key. */
@Entity('message_key')
@Index('message_key_created_at', ['createdAt'])
export class MessageKeyEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) key: string;
  @Column({ type: 'text', name: 'delivery_id', collation: 'C' }) deliveryId: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
}
