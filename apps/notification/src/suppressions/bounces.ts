import { newId } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';

/** In the order of the addresses: two workers whose mails bounced must not wait for each other. */
const statement = {
  name: 'bounce-suppress',
  text: `insert into suppression (id, account_id, channel, address, reason, note)
         select given.id, account_id, channel, address, 'bounce', left(error, 500)
         from unnest($1::text[], $2::text[]) as given (id, delivery_id) join delivery d on d.id = given.delivery_id
         order by account_id, channel, address
         on conflict (account_id, channel, address) do nothing`,
};

/** Suppresses the addresses of these deliveries, at which there is no one. */
export async function suppressBounced(tx: Transaction, deliveryIds: readonly string[]): Promise<void> {
  if (deliveryIds.length === 0) return;
  await prepared(tx, statement, [deliveryIds.map(() => newId('suppression')), deliveryIds]);
}
