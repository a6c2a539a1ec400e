import type { Channel } from '@tearoff/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The token bucket of a channel's provider, shared by all workers of the installation; see `Pace`. */
@Entity('pace')
export class PaceEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) channel: Channel;
  /** Messages that might have gone at `filledAt`. */
  @Column('double precision', { default: 0 }) tokens: number;
  @Column('timestamptz', { name: 'filled_at', default: () => 'now()' }) filledAt: Date;
  /** The provider asked for a pause. */
  @Column('timestamptz', { name: 'paused_until', nullable: true }) pausedUntil: Date | null;
  /** Single deliveries wait for tokens: until then lists take none. */
  @Column('timestamptz', { name: 'singles_until', nullable: true }) singlesUntil: Date | null;
  /** When the last of those that were put off is to go, by lane. */
  @Column('timestamptz', { name: 'singles_planned', nullable: true }) singlesPlanned: Date | null;
  @Column('timestamptz', { name: 'lists_planned', nullable: true }) listsPlanned: Date | null;
}
