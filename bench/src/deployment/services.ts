/** Each has a schema and, in a cluster, a process of its own. */
export const services = [
  'gateway',
  'issuance',
  'redemption',
  'notification',
  'loyalty',
  'automation',
  'insights',
] as const;
