import { addressesOfPerson } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';

/** The accounts that have a text message for this number in any of its forms, sent or not; who wrote last comes first. */
export async function writersTo(tx: Transaction, address: string): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    `select account_id as id from delivery
     where address = any($1) and channel = 'sms' group by account_id order by max(id) desc`,
    [addressesOfPerson(address)],
  );
  return rows.map(({ id }) => id);
}
