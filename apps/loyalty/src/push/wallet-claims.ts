import { Injectable } from '@nestjs/common';
import { Outbox } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { WalletSettings } from '../wallet.settings';
import { enqueueWallets, graceMs, type DueWallet } from './due';
import type { ClaimedWallet, PushResult } from './wallet.sender';

export interface Outcome {
  wallet: ClaimedWallet;
  told: PushResult;
}

const backoff = { firstMs: 1_000, maxMs: 3_600_000 };

/** Those that are due and in nobody's hands; of those in another's hands, when they must have been let go. */
const claimStatement = {
  name: 'wallets-claim',
  text: `
    with held as materialized (
      select id, lease_until from wallet
      where id = any($1) and due_at <= clock_timestamp() + interval '${graceMs} milliseconds' order by id for update
    ), taken as (
      update wallet w set lease_until = clock_timestamp() + $2::int * interval '1 millisecond'
      from held where w.id = held.id and (held.lease_until is null or held.lease_until < clock_timestamp())
      returning w.id, w.kind, w.address, w.counter, w.attempts, w.lease_until
    )
    select held.id, taken.kind, taken.address, taken.counter::text as counter, taken.attempts,
           taken.lease_until::text as lease,
           case when taken.id is null then held.lease_until end as "busyUntil"
    from held left join taken using (id)`,
};

/**
 * What another worker has taken over is left to that one. A wallet that has changed since it was told stays due.
 * `address`: a phone that came back under another one meanwhile is neither gone nor told.
 */
const settleStatement = {
  name: 'wallets-settle',
  text: `
    with outcome as (
      select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[])
        as outcome (id, address, counter, verdict, again_at, lease)
    ), locked as materialized (
      select id, lease_until from wallet where id in (select id from outcome) order by id for update
    ), held as materialized (
      select id from locked join outcome using (id) where lease_until = lease
    ), removed as (
      delete from wallet w using outcome o
      where w.id = o.id and w.id in (select id from held) and o.verdict = 'gone' and w.address = o.address
      returning w.id
    ), forgotten as (
      delete from wallet_pass where wallet_id in (select id from removed)
    )
    update wallet w
    set lease_until = null,
        told_at = case when o.verdict = 'pushed' then clock_timestamp() else w.told_at end,
        attempts = case when o.verdict = 'later' then w.attempts + 1 else 0 end,
        due_at = case
          when o.verdict = 'later' then o.again_at
          when o.verdict = 'gone' or w.counter > o.counter
            then clock_timestamp() + $7::int * interval '1 millisecond'
          else o.again_at end
    from outcome o join held using (id)
    where w.id = o.id and not (o.verdict = 'gone' and w.address = o.address)
    returning w.id, w.due_at as "dueAt"`,
};

/** Who of several workers says which wallet, and what becomes of it. */
@Injectable()
export class WalletClaims {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly settings: WalletSettings,
  ) {}

  async claim(ids: readonly string[]): Promise<ClaimedWallet[]> {
    const rows = await prepared<ClaimedWallet & { busyUntil: Date | null }>(this.dataSource, claimStatement, [
      [...new Set(ids)],
      this.settings.leaseMs,
    ]);
    const busy = rows.flatMap(({ id, busyUntil }) => (busyUntil ? [{ id, dueAt: busyUntil }] : []));
    // Anyone who has it may have been killed: someone has to look again.
    if (busy.length > 0) await this.outbox.transaction((tx) => enqueueWallets(this.outbox, tx, busy));
    return rows.filter(({ busyUntil }) => !busyUntil);
  }

  async settle(outcomes: readonly Outcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    await this.outbox.transaction(async (tx) => {
      const rows = await prepared<{ id: string; dueAt: Date | null }>(tx, settleStatement, [
        outcomes.map(({ wallet }) => wallet.id),
        outcomes.map(({ wallet }) => wallet.address),
        outcomes.map(({ wallet }) => wallet.counter),
        outcomes.map(({ told }) => told.verdict),
        outcomes.map((outcome) => againAt(outcome)),
        outcomes.map(({ wallet }) => wallet.lease),
        this.settings.pushIntervalMs,
      ]);
      const due = rows.filter((row): row is DueWallet => row.dueAt !== null);
      await enqueueWallets(this.outbox, tx, due);
    });
  }
}

/** Doubling, spread over its upper half, so that what failed together does not come back together. */
function againAt({ wallet, told }: Outcome): Date | null {
  if (told.verdict === 'pushed') return told.again ?? null;
  if (told.verdict === 'gone') return null;
  const full = Math.min(backoff.firstMs * 2 ** Math.min(wallet.attempts, 20), backoff.maxMs);
  const asked = Math.min(told.afterMs ?? 0, backoff.maxMs);
  return new Date(Date.now() + Math.max(asked, full * (0.5 + Math.random() / 2)));
}
