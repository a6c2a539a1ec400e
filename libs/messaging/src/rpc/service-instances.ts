/** An instance that has not answered for this long is no longer counted; its next answer counts it again. */
const expiresAfterMs = 10_000;
const messagesPerInstance = 2;
/** Upper limit for one caller, however many instances answer. */
const maxMessagesInFlight = 32;

/**
 * Counts the instances of a service by the ids in their answers. A broker delivers to its consumers in turn, so under
 * load every instance is counted soon. With the in-process transport there is one.
 */
export class ServiceInstances {
  private readonly lastReplyAt = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  recordReply(instance: string | undefined): void {
    if (instance === undefined) return;
    const now = this.now();
    this.lastReplyAt.set(instance, now);
    for (const [other, at] of this.lastReplyAt) if (now - at > expiresAfterMs) this.lastReplyAt.delete(other);
  }

  /** Messages of one command in flight at a time: each instance handles one and has the next one waiting. */
  get messagesInFlight(): number {
    return Math.min(messagesPerInstance * Math.max(1, this.lastReplyAt.size), maxMessagesInFlight);
  }
}
