/** Coupons that someone waits for, and lists: what is sent for lists never holds up the others. */
export const lanes = ['single', 'list'] as const;
export type Lane = (typeof lanes)[number];

export const laneOf = (bulk: boolean): Lane => (bulk ? 'list' : 'single');
