import { Injectable } from '@nestjs/common';
import { DomainError, GetCoupon, type MessageContext } from '@tearoff/contracts';
import { CommandClient, type Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { memberPhoneKey, phoneKey, readableNames, type Names } from '../members/member-names';

interface Held {
  accountId: string;
  couponId: string;
}
export interface Named {
  accountId: string;
  names: Names;
}

// Of several members that their names would find, the one of the name that is least often shared.
const membersStatement = {
  name: 'members-by-names',
  text: `select q.pos, w.id from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[])
      as q (pos, account_id, external_id, email, phone)
    cross join lateral (
      select id from (
        select 1 as rank, id from member m where m.account_id = q.account_id and m.external_id = q.external_id
        union all select 2, id from member m where m.account_id = q.account_id and m.email = q.email
        union all select 3, id from member m where m.account_id = q.account_id and ${memberPhoneKey} = q.phone
      ) found order by rank limit 1
    ) w`,
};

/** Which member someone else's coupon or event is of. */
@Injectable()
export class Recipients {
  constructor(private readonly commands: CommandClient) {}

  /** By position: the names on each coupon, asked of issuance; null = there is no such coupon. */
  holders(
    coupons: readonly Held[],
    contexts: readonly (MessageContext | undefined)[],
  ): Promise<(Named | null)[]> {
    return Promise.all(
      coupons.map(async ({ accountId, couponId }, at) => {
        try {
          const { recipient } = await this.commands.send(
            GetCoupon,
            { accountId, couponId },
            { context: contexts[at] },
          );
          return { accountId, names: readableNames(recipient, recipient.country) };
        } catch (error) {
          if (error instanceof DomainError && error.kind === 'not_found') return null;
          throw error;
        }
      }),
    );
  }

  /** By position: the member known by one of the names. */
  async members(tx: Transaction, people: readonly (Named | null)[]): Promise<Map<number, string>> {
    const asked = people.flatMap((one, pos) => (one ? { pos, accountId: one.accountId, ...one.names } : []));
    if (asked.length === 0) return new Map();
    const rows = await prepared<{ pos: number; id: string }>(tx, membersStatement, [
      asked.map(({ pos }) => pos),
      asked.map(({ accountId }) => accountId),
      asked.map(({ externalId }) => externalId),
      asked.map(({ email }) => email),
      asked.map(({ phone }) => phoneKey(phone)),
    ]);
    return new Map(rows.map(({ pos, id }) => [pos, id]));
  }
}
