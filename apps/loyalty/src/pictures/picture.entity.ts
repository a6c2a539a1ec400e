import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PictureShape } from './picture.shapes';

/** A face's picture: where it is, and what is known of it. Its id is made of the account, the shape and the URL. */
@Entity('picture')
@Index('picture_of_account', ['accountId'])
@Index('picture_due', ['dueAt'])
export class PictureEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', collation: 'C' }) shape: PictureShape;
  @Column('text') url: string;
  /** Of the bytes that its files were made from; null: there are none yet. */
  @Column({ type: 'text', collation: 'C', nullable: true }) digest: string | null;
  @Column({ type: 'text', nullable: true }) etag: string | null;
  @Column({ type: 'text', name: 'last_modified', nullable: true }) lastModified: string | null;
  /** Why the last look gave nothing. */
  @Column({ type: 'text', nullable: true }) fault: string | null;
  /** Looks since one that gave something. */
  @Column('int', { default: 0 }) attempts: number;
  @Column('timestamptz', { name: 'looked_at', nullable: true }) lookedAt: Date | null;
  /** When it is looked at next; while someone is at it, when he must have been killed. */
  @Column('timestamptz', { name: 'due_at', default: () => 'now()' }) dueAt: Date;
}

/** `name`: as in a pass, `logo@2x.png`. */
@Entity('picture_file')
export class PictureFileEntity {
  @PrimaryColumn({ type: 'text', name: 'picture_id', collation: 'C' }) pictureId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) name: string;
  @Column('bytea') png: Buffer;
}

/** That a card or campaign shows it. */
@Entity('picture_use')
export class PictureUseEntity {
  /** The card or campaign. */
  @PrimaryColumn({ type: 'text', name: 'subject_id', collation: 'C' }) subjectId: string;
  @Index('picture_use_of_picture')
  @PrimaryColumn({ type: 'text', name: 'picture_id', collation: 'C' })
  pictureId: string;
  /** When it was saved, or a pass with it was made, last; not to the second. */
  @Column('timestamptz', { name: 'wanted_at', default: () => 'now()' }) wantedAt: Date;
}
