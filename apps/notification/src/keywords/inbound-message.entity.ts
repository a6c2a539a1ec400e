import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A message of theirs that has been acted upon, by the provider's id: it may be told again for a day. */
@Entity('inbound_message')
@Index('inbound_message_at', ['at'])
export class InboundMessageEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
}
