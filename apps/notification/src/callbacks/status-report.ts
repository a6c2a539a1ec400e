/** What a provider tells of a message that it took. */
export interface StatusReport {
  /** The reference we gave it; whatever it may be. */
  deliveryId: string | null;
  messageId: string;
  /** E.164. */
  address: string | null;
  /** `none`: nothing that is an end. */
  outcome: 'delivered' | 'failed' | 'none';
  /** In the provider's words. */
  error: string;
  /** It was not sent because they have opted out there. */
  optedOut: boolean;
  at: Date;
}
