import { addressesOfPerson, newId, type Channel, type Suppression } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An address that must not be written to, in its normalised form. */
@Entity('suppression')
@Index('suppression_address', ['accountId', 'channel', 'address'], { unique: true })
export class SuppressionEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', collation: 'C' }) channel: Channel;
  @Column({ type: 'text', collation: 'C' }) address: string;
  @Column({ type: 'text', collation: 'C' }) reason: Suppression['reason'];
  @Column('text', { nullable: true }) note: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
}

/**
 * One for each form of the address: messages are kept back by the very address they go to, so that no person has to be
 * looked for while sending.
 */
export const suppressionsOf = (
  row: Omit<SuppressionEntity, 'id' | 'createdAt'>,
): Omit<SuppressionEntity, 'createdAt'>[] =>
  addressesOfPerson(row.address).map((address) => ({ ...row, id: newId('suppression'), address }));

export const suppressionView = (row: SuppressionEntity): Suppression => ({
  id: row.id,
  accountId: row.accountId,
  channel: row.channel,
  address: row.address,
  reason: row.reason,
  note: row.note,
  createdAt: row.createdAt.toISOString(),
});
