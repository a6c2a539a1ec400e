import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';

export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A key that this request holds until it has stored its answer. */
export interface Lease {
  apiKeyId: string;
  key: string;
  holder: string;
  /** When a request first held the key, milliseconds since 1970; the same for all that take it up again. */
  firstAt: number;
}

export type Taken =
  | { outcome: 'taken'; lease: Lease }
  | { outcome: 'in_progress' }
  | { outcome: 'other_payload' }
  | { outcome: 'answered'; answer: StoredAnswer; streamHash: Buffer | null };

const dayMs = 24 * 3_600_000;

interface Row {
  /** Of the key that was taken. */
  until: Date | null;
  fingerprint: Buffer | null;
  stream_hash: Buffer | null;
  status: number | null;
  headers: Record<string, string> | null;
  body: string | null;
}

const take = {
  name: 'idempotency-take',
  // Free: never seen, expired, held by a request whose process died before it could answer, or given up. What is taken
  // up again expires when it would have.
  text: `
    with taken as (
      insert into idempotency_key as held (api_key_id, key, fingerprint, holder, leased_until, expires_at)
      values ($1, $2, $3, $4, now() + $5 * interval '1 s', now() + interval '24 hours')
      on conflict (api_key_id, key) do update
         set fingerprint = excluded.fingerprint, holder = excluded.holder, leased_until = excluded.leased_until,
             expires_at = case when held.expires_at > now() and held.fingerprint = excluded.fingerprint
                               then held.expires_at else excluded.expires_at end,
             stream_hash = null, status = null, headers = null, body = null
       where held.expires_at <= now()
          or (held.status is null and held.leased_until <= now()
              and (held.fingerprint = excluded.fingerprint or held.leased_until = '-infinity'))
      returning expires_at)
    select (select expires_at from taken) as until, k.fingerprint, k.stream_hash, k.status, k.headers, k.body
      from (select) one left join idempotency_key k on k.api_key_id = $1 and k.key = $2`,
};

const store = {
  name: 'idempotency-store',
  text: `update idempotency_key set status = $4, headers = $5, body = $6, stream_hash = $7
          where api_key_id = $1 and key = $2 and holder = $3`,
};

const giveUp = {
  name: 'idempotency-give-up',
  text: `update idempotency_key set leased_until = '-infinity'
          where api_key_id = $1 and key = $2 and holder = $3 and status is null`,
};

const release = {
  name: 'idempotency-release',
  text: `delete from idempotency_key where api_key_id = $1 and key = $2 and holder = $3 and status is null`,
};

/** Idempotency keys, for a day each, per api key. One statement takes a key, one stores its answer. */
@Injectable()
export class IdempotencyStore {
  constructor(private readonly dataSource: DataSource) {}

  async take(apiKeyId: string, key: string, fingerprint: Buffer, leaseSeconds: number): Promise<Taken> {
    const holder = randomUUID();
    const [row] = await prepared<Row>(this.dataSource, take, [
      apiKeyId,
      key,
      fingerprint,
      holder,
      leaseSeconds,
    ]);
    if (row?.until) {
      const firstAt = row.until.getTime() - dayMs;
      return { outcome: 'taken', lease: { apiKeyId, key, holder, firstAt } };
    }
    // No row: another request took it after this statement began.
    if (!row?.fingerprint) return { outcome: 'in_progress' };
    if (!row.fingerprint.equals(fingerprint)) return { outcome: 'other_payload' };
    if (row.status === null) return { outcome: 'in_progress' };
    const answer = { status: row.status, headers: row.headers ?? {}, body: row.body ?? '' };
    return { outcome: 'answered', answer, streamHash: row.stream_hash };
  }

  async store(
    { apiKeyId, key, holder }: Lease,
    answer: StoredAnswer,
    streamHash: Buffer | null,
  ): Promise<void> {
    const { status, headers, body } = answer;
    await prepared(this.dataSource, store, [
      apiKeyId,
      key,
      holder,
      status,
      JSON.stringify(headers),
      body,
      streamHash,
    ]);
  }

  /** What failed on our side may be tried again under the same key: it may have happened all the same. */
  async giveUp({ apiKeyId, key, holder }: Lease): Promise<void> {
    await prepared(this.dataSource, giveUp, [apiKeyId, key, holder]);
  }

  /** As if it had never been taken. */
  async release({ apiKeyId, key, holder }: Lease): Promise<void> {
    await prepared(this.dataSource, release, [apiKeyId, key, holder]);
  }

  /** Deletes what has expired, some thousands at a time; answers how many. */
  async sweep(): Promise<number> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `delete from idempotency_key where ctid = any (array(
         select ctid from idempotency_key where expires_at <= now() limit 5000))`,
    );
    return count;
  }
}
