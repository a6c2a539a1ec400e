import { Injectable } from '@nestjs/common';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { enqueueWallets } from '../push/due';
import { WalletSettings } from '../wallet.settings';

/**
 * Marks passes as changed and the wallets that hold them as due. Passes, then wallets, are locked in the order of
 * their ids. A wallet that is due already is due once: many movements in a second are one push, and what is told is
 * the state then; one that waits after a failure goes on waiting. One that has been due for minutes has lost its work
 * item with its queue, and gets another.
 */
const statement = {
  name: 'passes-change',
  text: `
    with held as materialized (
      select id from pass where id = any($1) and erased_at is null order by id for update
    ), changed as (
      update pass
      set served = false, message = coalesce($3, pass.message),
          changed_at = case when served
            then greatest(date_trunc('second', clock_timestamp()), changed_at + interval '1 second')
            else greatest(date_trunc('second', clock_timestamp()), changed_at) end
      from held where pass.id = held.id
    ), holding as materialized (
      select w.id, w.due_at as was_due from wallet w
      where w.id in (select wallet_id from wallet_pass where pass_id in (select id from held))
      order by w.id for update
    ), due as (
      update wallet w
      set counter = w.counter + 1,
          due_at = case when w.attempts > 0 and w.due_at is not null then w.due_at
            else least(w.due_at, greatest(clock_timestamp(), w.told_at + $2::int * interval '1 millisecond')) end
      from holding where w.id = holding.id
      returning w.id, w.kind, w.counter, w.due_at, holding.was_due
    ), tagged as (
      update wallet_pass wp set tag = due.counter
      from due where wp.wallet_id = due.id and wp.pass_id in (select id from held)
    )
    select id, kind, due_at as "dueAt",
           was_due is null or due_at < was_due or was_due < now() - interval '5 minutes' as fresh
    from due`,
};

export interface ChangedWallet {
  id: string;
  kind: string;
  dueAt: Date;
  fresh: boolean;
}

@Injectable()
export class PassChanges {
  constructor(
    private readonly outbox: Outbox,
    private readonly settings: WalletSettings,
  ) {}

  /** Of those coupons that are in a wallet; the others cost one look into an index. */
  async ofCoupons(tx: Transaction, couponIds: readonly string[]): Promise<void> {
    const ids = await prepared<{ id: string }>(tx, passesOfCoupons, [couponIds]);
    await this.mark(
      tx,
      ids.map(({ id }) => id),
    );
  }

  async ofMembers(tx: Transaction, members: readonly { cardId: string; memberId: string }[]): Promise<void> {
    const ids = await prepared<{ id: string }>(tx, passesOfMembers, [
      members.map(({ cardId }) => cardId),
      members.map(({ memberId }) => memberId),
    ]);
    await this.mark(
      tx,
      ids.map(({ id }) => id),
    );
  }

  /** `message`: what is on the back of the passes from now on. Answers the wallets that hold them. */
  async mark(
    tx: Transaction,
    passIds: readonly string[],
    message: string | null = null,
  ): Promise<ChangedWallet[]> {
    if (passIds.length === 0) return [];
    const wallets = await prepared<ChangedWallet>(tx, statement, [
      passIds,
      this.settings.pushIntervalMs,
      message,
    ]);
    await enqueueWallets(
      this.outbox,
      tx,
      wallets.filter(({ fresh }) => fresh),
    );
    return wallets;
  }
}

const passesOfCoupons = {
  name: 'passes-of-coupons',
  text: 'select id from pass where coupon_id = any($1)',
};

const passesOfMembers = {
  name: 'passes-of-members',
  text: `select distinct pass.id from pass
         join unnest($1::text[], $2::text[]) as moved (card_id, member_id) using (card_id, member_id)`,
};
