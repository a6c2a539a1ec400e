/**
 * What a key may do. `admin` may do everything; `marketing` campaigns, coupons and messages; `send` sends prepared
 * messages and saves contacts, which `marketing` may too; `events` posts events; `pos` validates and redeems; `public`
 * is for browsers and may only claim.
 */
export const scopes = ['admin', 'marketing', 'send', 'events', 'pos', 'public'] as const;
export type Scope = (typeof scopes)[number];
