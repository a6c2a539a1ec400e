import { prepared, type PreparedStatement } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';
import type { Row } from '../coupons/issue.sql';
import type { PlayerEntity } from './player.entity';

/** `roll` of 10^12; won when it was below `chance`, unless nothing was left to win. */
export interface PlayRow {
  playerId: string;
  period: string;
  outcome: 'won' | 'lost';
  roll: number;
  chance: number;
  offerId: string | null;
  couponId: string | null;
  drawnAt: Date;
}

const playersOfKeys: PreparedStatement = {
  name: 'players-of-keys',
  text: `
    select player_key.key, player.id, player.account_id as "accountId", player.campaign_id as "campaignId",
           player.recipient, player.link_delivery_id as "linkDeliveryId", player.created_at as "createdAt"
    from player_key join player on player.id = player_key.player_id
    where player_key.campaign_id = $1 and player_key.key = any($2)`,
};

export const readPlayers = (
  tx: EntityManager,
  campaignId: string,
  keys: readonly string[],
): Promise<(PlayerEntity & { key: string })[]> =>
  prepared<Row<PlayerEntity & { key: string }>>(tx, playersOfKeys, [campaignId, keys]);

const playsOfPeriod: PreparedStatement = {
  name: 'plays-of-period',
  text: `select player_id as "playerId", outcome, roll::float8 as roll, chance, offer_id as "offerId",
                coupon_id as "couponId", drawn_at as "drawnAt"
         from play where player_id = any($1) and period = $2`,
};

export const readPlays = (
  tx: EntityManager,
  playerIds: readonly string[],
  period: string,
): Promise<Omit<PlayRow, 'period'>[]> =>
  prepared<Row<Omit<PlayRow, 'period'>>>(tx, playsOfPeriod, [playerIds, period]);

/** The outcome of the last play of any of these players. */
export async function readLastOutcome(
  manager: EntityManager,
  playerIds: readonly string[],
): Promise<PlayRow['outcome'] | null> {
  const rows = (await manager.query(
    `select outcome from play where player_id = any($1) order by drawn_at desc limit 1`,
    [playerIds],
  )) as Pick<PlayRow, 'outcome'>[];
  return rows[0]?.outcome ?? null;
}

const newPlayers: PreparedStatement = {
  name: 'new-players',
  text: `
    insert into player (id, account_id, campaign_id, recipient, link_delivery_id, created_at)
    select id, account_id, campaign_id, recipient::jsonb, link_delivery_id, created_at
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
      as player (id, account_id, campaign_id, recipient, link_delivery_id, created_at)`,
};

export async function writePlayers(tx: EntityManager, players: readonly PlayerEntity[]): Promise<void> {
  if (players.length === 0) return;
  await prepared(tx, newPlayers, [
    players.map((player) => player.id),
    players.map((player) => player.accountId),
    players.map((player) => player.campaignId),
    players.map((player) => JSON.stringify(player.recipient)),
    players.map((player) => player.linkDeliveryId),
    players.map((player) => player.createdAt),
  ]);
}

const newKeys: PreparedStatement = {
  name: 'new-player-keys',
  text: `insert into player_key (key, campaign_id, player_id)
         select key, $1, player_id from unnest($2::text[], $3::text[]) as link (key, player_id)`,
};

export async function writeKeys(
  tx: EntityManager,
  campaignId: string,
  keys: readonly (readonly [key: string, playerId: string])[],
): Promise<void> {
  if (keys.length === 0) return;
  await prepared(tx, newKeys, [campaignId, keys.map(([key]) => key), keys.map(([, id]) => id)]);
}

// Without "on conflict": anyone who is second in a period must fail, not go on with a draw of their own.
const newPlays: PreparedStatement = {
  name: 'new-plays',
  text: `
    insert into play (player_id, period, outcome, roll, chance, offer_id, coupon_id, drawn_at)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::float8[], $6::text[], $7::text[],
                         $8::timestamptz[])`,
};

export async function writePlays(tx: EntityManager, plays: readonly PlayRow[]): Promise<void> {
  if (plays.length === 0) return;
  await prepared(tx, newPlays, [
    plays.map((play) => play.playerId),
    plays.map((play) => play.period),
    plays.map((play) => play.outcome),
    plays.map((play) => play.roll),
    plays.map((play) => play.chance),
    plays.map((play) => play.offerId),
    plays.map((play) => play.couponId),
    plays.map((play) => play.drawnAt),
  ]);
}
