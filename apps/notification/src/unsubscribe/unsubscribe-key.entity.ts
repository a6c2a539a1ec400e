import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What unsubscribe links are sealed with: one row, made by the migration and the same for every process. */
@Entity('unsubscribe_key')
export class UnsubscribeKeyEntity {
  @PrimaryColumn('int') id: number;
  @Column('bytea') secret: Buffer;
}
