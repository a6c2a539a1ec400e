import type { Transaction } from '@tearoff/messaging';

/** The accounts that have a text message for this number, sent or not; who wrote last comes first. */
export async function writersTo(tx: Transaction, address: string): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    `select account_id as id from delivery
     where address = $1 and channel = 'sms' group by account_id order by max(id) desc`,
    [address],
  );
  return rows.map(({ id }) => id);
}
