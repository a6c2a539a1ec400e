import type { Client } from 'pg';

const firstNames =
  'Emma Olivia Louise Marie Ann Mila Sofia Camille Elena Julie Charlotte Nora Lina Sarah Laura Eva Ines Clara Lotte Ella ' +
  'Noah Liam Arthur Lucas Louis Jules Adam Victor Gabriel Mohamed Thomas Maxime Simon Matteo Oscar Felix Hugo Elias Samuel Alexander';
const lastNames =
  'Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters Dubois Lambert Martin Dupont Simon Laurent ' +
  'Leroy Lefebvre Renard Denis Collard Miller Smith Johnson Brown Taylor Wilson Davies Evans Walker Wright ' +
  'Schneider Fischer Weber Wagner Becker Hoffmann Koch Bauer Richter Klein Kowalski Novak Petrenko Shevchenko Bondarenko ' +
  'Tkachenko Garcia Fernandez Lopez Sanchez Rossi Ferrari Esposito Bianchi Romano Yilmaz Demir Nguyen Singh Haddad';

let made = 0;

/**
 * So many more members of the account, as the service writes them: names of which some are far more common than
 * others, an e-mail address, a Belgian mobile number (distinct up to ten million) and an id of the shop's own. Over
 * the search index the rows would take four times as long as the index does when it is made after them.
 */
export async function loadMembers(client: Client, accountId: string, count: number): Promise<void> {
  const index = await client.query<{ definition: string }>(
    `select pg_get_indexdef('loyalty.member_search'::regclass) as definition`,
  );
  await client.query(`set maintenance_work_mem = '256MB'`);
  await client.query('drop index loyalty.member_search');
  await client.query(
    `insert into loyalty.member (account_id, id, phone, email, external_id, first_name, last_name, gender, search,
       created_at, updated_at)
     select $1, id, phone, email, external_id, first_name, last_name, 'unknown',
       lower(concat_ws(e'\\n', first_name || ' ' || last_name, email, phone, external_id, right(id, 16))), now(), now()
     from (select first_name, last_name, 'mem_' || lpad(n::text, 10, '0') || left(md5(n::text), 16) as id,
             '+3247' || lpad((n * 7368787 % 10000000)::text, 7, '0') as phone,
             lower(first_name || '.' || last_name) || n || '@example.com' as email, 'customer-' || n as external_id
           from (select n, firsts[1 + floor(power(random(), 2) * cardinality(firsts))] as first_name,
                   lasts[1 + floor(power(random(), 2) * cardinality(lasts))] as last_name
                 from generate_series($2::bigint, $3::bigint) as n,
                   (select string_to_array($4, ' ') as firsts, string_to_array($5, ' ') as lasts) as names) as named
          ) as person`,
    [accountId, made + 1, made + count, firstNames, lastNames],
  );
  made += count;
  await client.query(index.rows[0].definition);
  await client.query('vacuum analyze loyalty.member');
}

/** Puts the account's newest members on the card; their phone numbers. */
export async function enrolNewest(client: Client, cardId: string, count: number): Promise<string[]> {
  const { rows } = await client.query<{ phone: string }>(
    `with newest as (
       select account_id, id, phone from loyalty.member
       where account_id = (select account_id from loyalty.card where id = $1) order by id desc limit $2
     ), enrolled as (
       insert into loyalty.enrolment (card_id, member_id, account_id, token, number, settled_at, enrolled_at,
         last_activity_at)
       select $1, id, account_id, right(id, 22), lpad(right(phone, 8), 16, '0'), now(), now(), now() from newest
     )
     select phone from newest`,
    [cardId, count],
  );
  await client.query('vacuum analyze loyalty.enrolment');
  return rows.map(({ phone }) => phone);
}

/** Three to eight characters, as one types them: the beginning of a name or an address, or digits of a number. */
export async function searchedFor(client: Client, accountId: string, count: number): Promise<string[]> {
  const { rows } = await client.query<{ q: string }>(
    `select case
         when kind < 0.35 then left(lower(first_name), size) when kind < 0.7 then left(lower(last_name), size)
         when kind < 0.85 then left(email, size) else right(phone, size) end as q
     from (select *, random() as kind, 3 + floor(random() * 6)::int as size
           from loyalty.member where account_id = $1 order by random() limit $2) as member`,
    [accountId, count],
  );
  return rows.map(({ q }) => q).filter((q) => q.length >= 3);
}
