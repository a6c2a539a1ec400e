/** An instance that has not answered for so long is gone, or there is little to ask: one message finds it again. */
const forgottenAfterMs = 10_000;
const perInstance = 2;
/** However many answer: a caller's part of a busy queue. */
const most = 32;

/**
 * The instances of a service, as their answers show them: a broker hands messages to its consumers in turn, so each is
 * heard of soon after there is much to ask. In one process there is one.
 */
export class Responders {
  private readonly heardAt = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  heard(instance: string | undefined): void {
    if (instance === undefined) return;
    const now = this.now();
    this.heardAt.set(instance, now);
    for (const [other, at] of this.heardAt) if (now - at > forgottenAfterMs) this.heardAt.delete(other);
  }

  /** How many messages of one command are under way at a time: each instance has one in hand and one to go on with. */
  get messagesInFlight(): number {
    return Math.min(perInstance * Math.max(1, this.heardAt.size), most);
  }
}
