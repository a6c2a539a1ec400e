import { Entity, PrimaryColumn } from 'typeorm';

/** `name`: `phone:+44…`, `email:…`, `id:…`. */
@Entity('pass_name')
export class PassNameEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) name: string;
  @PrimaryColumn({ type: 'text', name: 'pass_id', collation: 'C' }) passId: string;
}
