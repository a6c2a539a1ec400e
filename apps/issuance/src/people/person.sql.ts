import type { Transaction } from '@tearoff/messaging';
import type { DataSource } from 'typeorm';
import type { PersonKey } from './person-keys';

const named = (table: string, id: string): string => `
  select distinct ${table}.${id} as id, ${table}.campaign_id as "campaignId"
  from unnest($2::text[], $3::text[]) as name (key, limits)
  join ${table} on ${table}.key = name.key
  join campaign on campaign.id = ${table}.campaign_id and campaign.account_id = $1
   and campaign.limits @> name.limits::jsonb`;

/** Something of theirs, and the campaign it is of. */
export interface Found {
  id: string;
  campaignId: string;
}

const find = (
  target: DataSource | Transaction,
  statement: string,
  accountId: string,
  keys: readonly PersonKey[],
): Promise<Found[]> =>
  target.query<Found[]>(statement, [
    accountId,
    keys.map(({ key }) => key),
    keys.map(({ limits }) => JSON.stringify(limits)),
  ]);

export const couponsOf = (
  target: DataSource | Transaction,
  accountId: string,
  keys: readonly PersonKey[],
): Promise<Found[]> => find(target, named('slot', 'coupon_id'), accountId, keys);

export const playersOf = (
  target: DataSource | Transaction,
  accountId: string,
  keys: readonly PersonKey[],
): Promise<Found[]> => find(target, named('player_key', 'player_id'), accountId, keys);
