import { Injectable } from '@nestjs/common';
import {
  personIdentifiers,
  newId,
  PersonErased,
  type MessageContext,
  type PersonErasedItem,
  type PersonRef,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import type { Caller } from '../../access/api-keys/caller';
import { ErasureEntity } from './erasure.entity';
import { KnownNames } from './known-names';

/** Longer than anything that carries their name is on its way for. */
const againAfterMs = 15 * 60_000;

@Injectable()
export class Erasures {
  constructor(
    private readonly outbox: Outbox,
    private readonly names: KnownNames,
  ) {}

  /**
   * Forgets them here and tells all services to, now and once more for what was under way; the erasure's id. Fails with
   * `service.unavailable`, and has then done nothing.
   */
  async erase({ accountId, keyId }: Caller, person: PersonRef, context: MessageContext): Promise<string> {
    const persons = await this.names.of(accountId, person, context);
    const id = newId('erasure');
    const at = new Date();
    const items = persons.map((each): PersonErasedItem => ({
      erasureId: id,
      accountId,
      person: each,
      at: at.toISOString(),
    }));
    const contexts = items.map(() => context);
    await this.outbox.transaction(async (tx) => {
      await tx.insert(ErasureEntity, { id, accountId, apiKeyId: keyId, at });
      await forget(tx, accountId, persons.flatMap(personIdentifiers));
      await this.outbox.add(tx, PersonErased, items, { contexts });
      await this.outbox.add(tx, PersonErased, items, {
        contexts,
        availableAt: new Date(at.getTime() + againAfterMs),
      });
    });
    return id;
  }
}

/** Without the country's code, which may be left out. */
const digitsCompared = 7;

/** Their claims, served or not, the passcodes sent to them, and kept answers that name them. */
async function forget(tx: Transaction, accountId: string, names: readonly string[]): Promise<void> {
  await tx.query(
    `with held as materialized (
       select id, passcode_id from claim where account_id = $1 and address = any($2::text[]) order by id for update
     ), passcodes as (
       delete from claim_passcode where id in (select passcode_id from held)
     )
     delete from claim where id in (select id from held)`,
    [accountId, names],
  );
  const phones = names.filter((name) => name.startsWith('+'));
  // Some answers repeat what was asked, as it was written.
  await tx.query(
    `update idempotency_key set body = '{}' where (api_key_id, key) in (
       select api_key_id, key from idempotency_key
       where api_key_id in (select id from api_key where account_id = $1)
         and (exists (select from unnest($2::text[]) as name where position(name in lower(body)) > 0)
           or exists (select from unnest($3::text[]) as digits
                      where position(digits in regexp_replace(body, '[^0-9]', '', 'g')) > 0))
       order by api_key_id, key for update)`,
    [
      accountId,
      names.map((name) => JSON.stringify(name).toLowerCase()),
      phones.map((phone) => phone.slice(-digitsCompared)),
    ],
  );
}
