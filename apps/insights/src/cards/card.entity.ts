import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a report has to know of a loyalty card: that it exists, and what a day is there. */
@Entity('card')
export class CardEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column('int') version: number;
  @Column({ type: 'text', collation: 'C' }) timezone: string;
}
