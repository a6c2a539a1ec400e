import { Injectable } from '@nestjs/common';
import { addressesOfPerson, newId, personKey, type Channel } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';

/** They have stopped, or taken up again, the messages of these accounts: how, in what words, and when. */
export interface Choice {
  accountIds: readonly string[];
  channel: Channel;
  address: string;
  how: 'keyword' | 'unsubscribe_link' | 'provider' | 'api';
  text: string | null;
  at: Date;
}

interface AccountRow {
  [column: string]: unknown;
  accountId: string;
}

/**
 * Each of their own words is kept as evidence and says which was the last; a link pressed twice or a provider's
 * repetition says nothing new. In the order of accounts, as everything that writes several suppressions does.
 */
const outStatement = {
  name: 'opt-out',
  text: `
    with given as (
      select * from unnest($1::text[], $2::text[]) as given (account_id, consent_id)
    ), barred as (
      insert into suppression (id, account_id, channel, address, reason)
      select id, account_id, $4::text, address, 'opt_out'
      from unnest($9::text[], $10::text[], $11::text[]) as form (id, account_id, address)
      order by account_id, address
      on conflict (account_id, channel, address) do nothing
      returning account_id, address
    ), fresh as (
      select account_id from barred where address = $5::text
    ), recorded as (
      insert into consent (id, account_id, channel, address, kind, how, text, at)
      select consent_id, account_id, $4::text, $5::text, 'withdrawn', $6::text, $7::text, $8::timestamptz
      from given
      where $6::text = 'keyword'
         or account_id in (select account_id from fresh)
         or 'withdrawn' is distinct from (
              select kind from consent c
              where c.address = any($3::text[]) and c.account_id = given.account_id and c.channel = $4
              order by at desc, id desc limit 1)
    )
    select account_id as "accountId" from fresh`,
};

/** Lifts what they asked for themselves, unless they have stopped again since: messages may come out of order. */
const inStatement = {
  name: 'opt-in',
  text: `
    delete from suppression s
    where account_id = any($1) and channel = $2 and address = any($3::text[]) and reason = 'opt_out'
      and not exists (
        select from consent c
        where c.address = any($3::text[]) and c.account_id = s.account_id and c.channel = s.channel
          and c.kind = 'withdrawn' and c.at > $4)
    returning account_id as "accountId"`,
};

const grantStatement = {
  name: 'opt-in-consent',
  text: `
    insert into consent (id, account_id, channel, address, kind, how, text, at)
    select id, account_id, $3::text, $4::text, 'granted', $5::text, $6::text, $7::timestamptz
    from unnest($1::text[], $2::text[]) as given (id, account_id)`,
};

/** Their own word about being written to: a suppression and its consent record, together. */
@Injectable()
export class OptOuts {
  /** Until the transaction ends, no one else acts on a choice of this person's: those that come together queue up. */
  async lock(tx: Transaction, channel: Channel, address: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('notification.' || $1), hashtext($2))`, [
      channel,
      personKey(address),
    ]);
  }

  /** Returns the accounts for which they were not suppressed before. */
  async out(tx: Transaction, { accountIds, channel, address, how, text, at }: Choice): Promise<string[]> {
    // The statement looks for their last word, and would not see one that is just being written.
    await this.lock(tx, channel, address);
    const forms = addressesOfPerson(address);
    const barred = accountIds.flatMap((accountId) => forms.map((form) => ({ accountId, form })));
    const rows = await prepared<AccountRow>(tx, outStatement, [
      accountIds,
      accountIds.map(() => newId('consent')),
      forms,
      channel,
      address,
      how,
      text,
      at,
      barred.map(() => newId('suppression')),
      barred.map(({ accountId }) => accountId),
      barred.map(({ form }) => form),
    ]);
    return rows.map(({ accountId }) => accountId);
  }

  /** Returns the accounts that may write again; a suppression for another reason stays. */
  async in(tx: Transaction, { accountIds, channel, address, how, text, at }: Choice): Promise<string[]> {
    await this.lock(tx, channel, address);
    const forms = addressesOfPerson(address);
    const lifted = await prepared<AccountRow>(tx, inStatement, [accountIds, channel, forms, at]);
    const accounts = [...new Set(lifted.map(({ accountId }) => accountId))];
    await prepared(tx, grantStatement, [
      accounts.map(() => newId('consent')),
      accounts,
      channel,
      address,
      how,
      text,
      at,
    ]);
    return accounts;
  }
}
