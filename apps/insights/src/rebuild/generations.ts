import { prepared } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';

/**
 * Waits until no one else writes to the read models; let go when the transaction ends. One writer at a time: its
 * statements take rows of several tables in whatever order events came, two at once would deadlock, and a rebuild
 * begins and ends between two writers. A statement writes hundreds of facts, so one is fast enough.
 */
export async function oneWriter(tx: EntityManager): Promise<void> {
  await prepared(tx, lockStatement, []);
}

const lockStatement = {
  name: 'one-writer',
  text: `select pg_advisory_xact_lock(hashtext('tearoff insights'), 1)`,
};

/**
 * A CTE `target (account_id, generation)`: where the rows of CTE `item` belong. What is news ($2 null) goes to the
 * generation that is shown and to the one that is being built beside it; what a rebuild reads goes to its own alone.
 */
export const targets = `target as (
  select a.account_id, coalesce($2::int, g.generation) as generation
  from (select distinct account_id from item) a
  left join read_model m on m.account_id = a.account_id
  cross join lateral (
    select coalesce(m.live, 1) as generation
    union select m.building where m.building is not null and $2::int is null) g)`;

/** The generation of account `$1` that is shown. */
export const liveGeneration = `coalesce((select live from read_model where account_id = $1), 1)`;
