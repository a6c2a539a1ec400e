import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalid, newId, personKey } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { passcodeRules } from './claim-settings';
import { SigningSecret } from '../../access/signing/signing-secret';

/** Six digits that prove that they read what is sent to the address they named. */
@Injectable()
export class Passcodes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secret: SigningSecret,
  ) {}

  /** A new one in place of any earlier; the id under which `digits` knows it. */
  async begin(tx: Transaction, campaignId: string, address: string): Promise<string> {
    const id = newId('claim');
    await tx.query(
      `insert into claim_passcode (campaign_id, address, id, expires_at)
       values ($1, $2, $3, now() + $4 * interval '1 min')
       on conflict (campaign_id, address) do update
          set id = excluded.id, expires_at = excluded.expires_at, tries = 0`,
      [campaignId, personKey(address), id, passcodeRules.minutes],
    );
    return id;
  }

  /** Not stored anywhere: anyone who reads the table alone learns no code from it. */
  async digits(id: string): Promise<string> {
    const number = (await this.secret.sign('passcode', id)).readUIntBE(0, 6);
    return String(number % 1_000_000).padStart(6, '0');
  }

  /**
   * Counts a try and answers the passcode's id. The same answer for a wrong one and for one that was never sent.
   * Fails with `claim.passcode_wrong`.
   */
  async check(campaignId: string, address: string, given: string): Promise<string> {
    const [rows] = await this.dataSource.query<[{ id: string }[], number]>(
      `update claim_passcode set tries = tries + 1
        where campaign_id = $1 and address = $2 and expires_at > now() and tries < $3 returning id`,
      [campaignId, personKey(address), passcodeRules.tries],
    );
    const digits = given.replace(/\s/g, '');
    const expected = await this.digits(rows[0]?.id ?? '');
    const right = /^\d{6}$/.test(digits) && timingSafeEqual(Buffer.from(digits), Buffer.from(expected));
    if (!rows[0] || !right) throw wrong();
    return rows[0].id;
  }

  /** Of several claims with the same passcode one may use it. Fails with `claim.passcode_wrong`. */
  async use(campaignId: string, address: string, id: string, tx?: Transaction): Promise<object> {
    const rows = await (tx ?? this.dataSource).query<unknown[]>(
      `with used as (
         delete from claim_passcode where campaign_id = $1 and address = $2 and id = $3 returning id
       ), followed as (
         update claim_message set opened_at = now() where id = (select id from used)
       )
       select id from used`,
      [campaignId, personKey(address), id],
    );
    if (rows.length === 0) throw wrong();
    return {};
  }
}

const wrong = () =>
  invalid('claim.passcode_wrong', 'The passcode is wrong or too old, or was tried too often.');
