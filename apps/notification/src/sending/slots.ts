import { lanes, type Lane } from '../pacing/lane';

/** One lane's share of the calls that a provider is good for at a time. */
export interface LaneSlots {
  readonly most: number;
  /** False when there is none to be had; then the lane is told when there may be. */
  take(): boolean;
  giveBack(): void;
}

/**
 * The calls that a provider is good for at a time, shared by its two lanes: single deliveries may use all of
 * them, lists never those that are kept free for anyone who comes next.
 */
export class Slots {
  private readonly taken: Record<Lane, number> = { single: 0, list: 0 };
  private readonly listeners = new Map<Lane, () => void>();

  constructor(private readonly most: Readonly<Record<Lane, number>>) {}

  of(lane: Lane): LaneSlots {
    const most = this.most[lane];
    return {
      most,
      take: () => {
        if (this.taken[lane] >= most || this.taken.single + this.taken.list >= this.most.single) return false;
        this.taken[lane] += 1;
        return true;
      },
      giveBack: () => {
        this.taken[lane] -= 1;
        for (const one of lanes) this.listeners.get(one)?.();
      },
    };
  }

  /** Single deliveries hear of it first. */
  onFree(lane: Lane, listener: () => void): void {
    this.listeners.set(lane, listener);
  }
}
