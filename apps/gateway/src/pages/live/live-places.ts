import { Inject, Injectable } from '@nestjs/common';
import { LIVE_LIMITS, type LiveLimits } from '../pages.tokens';

/** How many pages may be kept true at once, of whatever kind. */
@Injectable()
export class LivePlaces {
  private readonly places = new Map<string, number>();
  private taken = 0;

  constructor(@Inject(LIVE_LIMITS) private readonly limits: LiveLimits) {}

  /** A place for one more open page from that address, or null when there is none. Call it to give it back. */
  take(address: string): (() => void) | null {
    const here = this.places.get(address) ?? 0;
    if (this.taken >= this.limits.total || here >= this.limits.perAddress) return null;
    this.taken++;
    this.places.set(address, here + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.taken--;
      const left = this.places.get(address)! - 1;
      if (left > 0) this.places.set(address, left);
      else this.places.delete(address);
    };
  }
}
