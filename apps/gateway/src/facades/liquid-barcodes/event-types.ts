/** What this vendor's listeners can be told of, in the events of our webhooks. */
export const eventTypes: Readonly<Record<string, readonly string[]>> = {
  Status: ['coupon.issued', 'coupon.voided'],
  Usage: ['coupon.redeemed', 'coupon.redemption_reversed'],
  Rewards: ['reward.issued'],
  Report: ['delivery.sent', 'delivery.delivered', 'delivery.failed', 'delivery.suppressed'],
  ImportedCodesLowLevel: ['codes.low_stock'],
};

export const eventsOf = (types: readonly string[]): string[] => [
  ...new Set(types.flatMap((type) => eventTypes[type])),
];

/** The types that make up these events; null where there are none that do, as of a webhook made for other events. */
export function typesOf(events: readonly string[]): string[] | null {
  const types = Object.keys(eventTypes).filter((type) =>
    eventTypes[type].every((event) => events.includes(event)),
  );
  const told = eventsOf(types);
  return events.every((event) => told.includes(event)) ? types : null;
}
