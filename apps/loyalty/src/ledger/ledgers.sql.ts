import type { PreparedStatement } from '@tearoff/service-kit';

export type EnrolmentRow = {
  account_id: string;
  card_id: string;
  card_version: number;
  member_id: string;
  balance: string;
  debt: string;
  entries: number;
  tier: string | null;
  resting: Record<string, string>;
  idle_until: Date | null;
  settled_at: Date;
  last_activity_at: Date;
};

export type LotColumns = {
  seq: number;
  amount: string;
  remaining: string;
  expired: string;
  taken_back: string;
  awarded_at: Date;
  counts: boolean;
  available_at: Date;
  expires_at: Date | null;
};

export type HoldingRow = {
  card_id: string;
  card_version: number;
  member_id: string;
  phone: string | null;
  email: string | null;
  external_id: string | null;
  first_name: string | null;
  last_name: string | null;
  language_code: string | null;
} & (LotColumns | { seq: null });

const state = (lock: string): string => `
  select e.account_id, e.card_id, e.member_id, e.balance, e.debt, e.entries, e.tier, e.resting, e.idle_until,
    e.settled_at, e.last_activity_at, c.version as card_version
  from unnest($1::text[], $2::text[]) as q (card_id, member_id)
  join enrolment e using (card_id, member_id)
  join card c on c.id = e.card_id
  ${lock}`;

export const readEnrolments: PreparedStatement = { name: 'standings', text: state('') };

/** In the order of their key, no matter who asks: unsorted batches deadlock. */
export const lockEnrolments: PreparedStatement = {
  name: 'standings-locked',
  text: state('order by e.card_id, e.member_id for no key update of e'),
};

/**
 * The members as they are, each with their lots (none: a row without `seq`): those that hold something, that count toward
 * a tier (`since`), or that are named (`seqs`, as JSON).
 */
export const readLots: PreparedStatement = {
  name: 'lots',
  text: `select q.card_id, q.member_id, c.version as card_version, m.phone, m.email, m.external_id, m.first_name,
      m.last_name, m.language_code, l.seq, l.amount, l.remaining, l.expired, l.taken_back, l.awarded_at, l.counts,
      l.available_at, l.expires_at
    from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
      as q (account_id, card_id, member_id, since, seqs)
    join card c on c.id = q.card_id
    left join member m on m.account_id = q.account_id and m.id = q.member_id
    left join lot l on l.card_id = q.card_id and l.member_id = q.member_id
      and (l.remaining > 0 or l.awarded_at >= q.since or l.seq = any(q.seqs::int[]))
    order by q.card_id, q.member_id, l.seq`,
};

/** All that ledgers have become, in one round trip. */
export const writeBooks: PreparedStatement = {
  name: 'books-write',
  text: `with standings as (
      update enrolment e set balance = q.balance, debt = q.debt, entries = q.entries, tier = q.tier,
        resting = q.resting, idle_until = q.idle_until, settled_at = q.settled_at,
        last_activity_at = q.last_activity_at, next_due_at = q.next_due_at
      from json_to_recordset($1::json) as q (card_id text, member_id text, balance bigint, debt bigint, entries int,
        tier text, resting jsonb, idle_until timestamptz, settled_at timestamptz, last_activity_at timestamptz,
        next_due_at timestamptz)
      where e.card_id = q.card_id and e.member_id = q.member_id
    ), entered as (
      insert into entry (card_id, member_id, seq, id, account_id, kind, amount, balance, reference, of_caller,
        reason, store_id, by, at, pending_until, expires_at)
      select "cardId", "memberId", seq, id, "accountId", kind, amount, balance, reference, "ofCaller", reason,
        "storeId", by, at, "pendingUntil", "expiresAt"
      from json_to_recordset($2::json) as q ("cardId" text, "memberId" text, seq int, id text, "accountId" text,
        kind text, amount bigint, balance bigint, reference text, "ofCaller" boolean, reason text, "storeId" text,
        by text, at timestamptz, "pendingUntil" timestamptz, "expiresAt" timestamptz)
    )
    insert into lot (card_id, member_id, seq, amount, remaining, expired, taken_back, awarded_at, counts,
      available_at, expires_at)
    select * from json_to_recordset($3::json) as q (card_id text, member_id text, seq int, amount bigint,
      remaining bigint, expired bigint, taken_back bigint, awarded_at timestamptz, counts boolean,
      available_at timestamptz, expires_at timestamptz)
    on conflict (card_id, member_id, seq) do update
      set remaining = excluded.remaining, expired = excluded.expired, taken_back = excluded.taken_back`,
};

/** What was entered under these references, by callers or by ourselves. */
export const readReferences: PreparedStatement = {
  name: 'entries-by-reference',
  text: `select n.seq, n.id, n.account_id as "accountId", n.card_id as "cardId", n.member_id as "memberId", n.kind,
      n.amount, n.balance, n.reference, n.reason, n.store_id as "storeId", n.by, n.at,
      n.pending_until as "pendingUntil", n.expires_at as "expiresAt"
    from unnest($1::text[], $2::text[], $3::text[]) as q (card_id, member_id, reference)
    join entry n on n.card_id = q.card_id and n.member_id = q.member_id and n.of_caller = $4
      and n.reference = q.reference`,
};
