import type { Client } from 'pg';

/** What a pass at Google and a phone of Apple's are known by here. */
const walletIds = { apple: `'apple:device-' || serial`, google: `'google:' || pass_id` } as const;
const addresses = { apple: `md5(serial::text) || md5((-serial)::text)`, google: 'pass_id' } as const;

/** Puts the card of every member on it into a wallet of their own, as one that has been there for a while. */
export async function giveWallets(
  client: Client,
  cardId: string,
  kind: keyof typeof walletIds,
): Promise<number> {
  await client.query('set search_path = loyalty');
  const { rowCount } = await client.query(
    `with holder as (
       select *, 'pas_' || right(member_id, 26) as pass_id, row_number() over () as serial
       from enrolment where card_id = $1
     ), made as (
       insert into pass (id, account_id, card_id, member_id, page_token, auth_token, changed_at, served)
       select pass_id, account_id, card_id, member_id, token, left(md5(token), 32), now(), true from holder
     ), held as (
       insert into wallet_pass (wallet_id, pass_id) select ${walletIds[kind]}, pass_id from holder
     )
     insert into wallet (id, kind, address) select ${walletIds[kind]}, '${kind}', ${addresses[kind]} from holder`,
    [cardId],
  );
  for (const table of ['pass', 'wallet', 'wallet_pass']) await client.query(`vacuum analyze ${table}`);
  return rowCount!;
}
