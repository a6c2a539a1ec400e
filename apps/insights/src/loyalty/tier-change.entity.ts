import { Entity, PrimaryColumn } from 'typeorm';

/** A member whose tier changed in that quarter of an hour: up and down in one day is one member of that day. */
@Entity('tier_change')
export class TierChangeEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', name: 'card_id', collation: 'C' }) cardId: string;
  @PrimaryColumn('timestamptz') quarter: Date;
  @PrimaryColumn({ type: 'text', name: 'member_id', collation: 'C' }) memberId: string;
}
