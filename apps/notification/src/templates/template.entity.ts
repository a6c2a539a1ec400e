import type { Channel, Template, TemplateEngine, TemplateVariants } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('template')
@Index('template_account', ['accountId', 'id'])
export class TemplateEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('text') name: string;
  @Column({ type: 'text', collation: 'C' }) channel: Channel;
  @Column({ type: 'text', collation: 'C' }) engine: TemplateEngine;
  @Column('text', { nullable: true }) subject: string | null;
  @Column('text', { nullable: true }) body: string | null;
  @Column('text', { nullable: true }) html: string | null;
  @Column('jsonb', { default: {} }) variants: TemplateVariants;
  @Column('int', { default: 1 }) version: number;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' }) updatedAt: Date;
}

export const templateView = (row: TemplateEntity): Template => ({
  id: row.id,
  accountId: row.accountId,
  name: row.name,
  channel: row.channel,
  engine: row.engine,
  subject: row.subject,
  body: row.body,
  html: row.html,
  variants: row.variants,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
