import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How often something was asked for in an hour of the clock; for all gateways together. */
@Entity('claim_counter')
@Index('claim_counter_hour', ['hour'])
export class ClaimCounterEntity {
  @PrimaryColumn('text', { collation: 'C' }) name: string;
  @PrimaryColumn('timestamptz') hour: Date;
  @Column('int') count: number;
}
