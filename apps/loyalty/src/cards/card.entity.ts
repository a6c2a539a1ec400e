import type { Card, CardDesign, EarningRule, Expiry, Reward, Tiers } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('card')
@Index('card_of_account', ['accountId', 'id'])
export class CardEntity {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('int') version: number;
  @Column('text') name: string;
  @Column({ type: 'text', collation: 'C' }) kind: Card['kind'];
  @Column('boolean') active: boolean;
  @Column('jsonb', { name: 'face' }) design: CardDesign;
  @Column({ type: 'text', collation: 'C' }) timezone: string;
  @Column('jsonb') earning: EarningRule[];
  @Column('jsonb') rewards: Reward[];
  @Column({ type: 'jsonb', nullable: true }) tiers: Tiers | null;
  @Column({ type: 'jsonb', nullable: true }) expiry: Expiry | null;
  @Column('int', { name: 'pending_days' }) pendingDays: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

export const cardOf = ({ createdAt, updatedAt, ...rest }: CardEntity): Card => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
