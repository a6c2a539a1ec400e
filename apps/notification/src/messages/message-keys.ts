import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';

interface Named {
  deliveryId: string;
  key?: string;
}

/** As the contract says. */
const days = 30;

// Two statements: the second sees what another request, for which the first one has waited, committed meanwhile. In the
// order of keys, so that two requests of the same ones never wait for each other.
const take = {
  name: 'message-key-take',
  text: `insert into message_key (account_id, key, delivery_id)
         select $1, key, delivery_id from unnest($2::text[], $3::text[]) as given (key, delivery_id) order by key
         on conflict do nothing`,
};
const find = {
  name: 'message-key-find',
  text: `select key, delivery_id as "deliveryId" from message_key where account_id = $1 and key = any($2)`,
};

/** How each one's delivery is called: as their key has been answered before, or as the caller now says. */
export async function namesOf<T extends Named>(
  tx: Transaction,
  accountId: string,
  given: readonly T[],
): Promise<(each: T) => string> {
  const keyed = given.filter(({ key }) => key !== undefined);
  if (keyed.length === 0) return ({ deliveryId }) => deliveryId;
  const keys = keyed.map(({ key }) => key);
  await prepared(tx, take, [accountId, keys, keyed.map(({ deliveryId }) => deliveryId)]);
  const rows = await prepared<Required<Named>>(tx, find, [accountId, keys]);
  const names = new Map(rows.map(({ key, deliveryId }) => [key, deliveryId]));
  return ({ key, deliveryId }) => (key === undefined ? deliveryId : names.get(key)!);
}

/** Removes keys that are too old, some thousands at a time. */
export async function forgetKeys(tx: Transaction): Promise<void> {
  await tx.query(
    `delete from message_key where ctid = any (array(
       select ctid from message_key where created_at < now() - $1::int * interval '1 day' limit 5000))`,
    [days],
  );
}
