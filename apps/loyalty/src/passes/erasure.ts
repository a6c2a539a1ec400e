import { Injectable } from '@nestjs/common';
import type { PersonErasedItem } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { Outbox } from '@tearoff/messaging';
import { enqueueWallets } from '../push/due';
import { namesOf } from './names';

/**
 * Forgets a person's passes and where they were. A phone is not told: it is forgotten with them, and whatever it asks
 * is answered 401. What is at Google is, so the pass stays as a bare number until Google has taken its names away.
 */
@Injectable()
export class Erasure {
  constructor(private readonly outbox: Outbox) {}

  async forget(tx: Transaction, erased: readonly PersonErasedItem[]): Promise<void> {
    for (const { accountId, person } of erased)
      await this.forgetPasses(tx, await this.passesOf(tx, accountId, namesOf(person)));
  }

  /** Passes know the names of when they were made: a member who has changed theirs since is found by their cards. */
  async forgetMember(tx: Transaction, memberId: string, cardIds: readonly string[]): Promise<void> {
    const rows = (await tx.query(`select id from pass where member_id = $1 and card_id = any($2)`, [
      memberId,
      cardIds,
    ])) as { id: string }[];
    await this.forgetPasses(
      tx,
      rows.map(({ id }) => id),
    );
  }

  private async forgetPasses(tx: Transaction, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(
      `with left_alone as (
         delete from wallet_pass where pass_id = any($1)
           and wallet_id in (select id from wallet where kind = 'apple') returning wallet_id)
       delete from wallet where id in (select wallet_id from left_alone)
         and not exists (select from wallet_pass where wallet_id = wallet.id and pass_id <> all($1))`,
      [ids],
    );
    await tx.query(`delete from pass_name where pass_id = any($1)`, [ids]);
    await tx.query(
      `delete from google_message where wallet_id in (select wallet_id from wallet_pass where pass_id = any($1))`,
      [ids],
    );
    await tx.query(
      `delete from pass p where id = any($1) and not exists (select from wallet_pass where pass_id = p.id)`,
      [ids],
    );
    await tx.query(
      `update pass set erased_at = now(), page_token = '', auth_token = '', message = null, member_id = null,
              coupon_id = null
       where id = any($1)`,
      [ids],
    );
    await this.pushToGoogle(tx, ids);
  }

  private async passesOf(tx: Transaction, accountId: string, names: readonly string[]): Promise<string[]> {
    const rows = (await tx.query(
      `select distinct pass_id from pass_name where account_id = $1 and name = any($2)`,
      [accountId, names],
    )) as { pass_id: string }[];
    return rows.map(({ pass_id: id }) => id);
  }

  private async pushToGoogle(tx: Transaction, passIds: readonly string[]): Promise<void> {
    const [wallets] = (await tx.query(
      `update wallet set counter = counter + 1, due_at = clock_timestamp()
       where id in (select wallet_id from wallet_pass where pass_id = any($1)) returning id, due_at as "dueAt"`,
      [passIds],
    )) as [{ id: string; dueAt: Date }[], number];
    await enqueueWallets(this.outbox, tx, wallets);
  }
}
