import { Injectable } from '@nestjs/common';
import {
  CouponHolderErased,
  personIdentifiers,
  type Channel,
  type ItemOf,
  type PersonErasedItem,
} from '@tearoff/contracts';
import { DeadLetters, Outbox, type Transaction } from '@tearoff/messaging';
import { publishSettled } from '../deliveries/settled-events';

interface Delivery {
  id: string;
  accountId: string;
  couponId: string | null;
  campaignId: string | null;
  channel: Channel;
  status: string;
}

/**
 * Deliveries stay as what was sent and paid for, to no one; what is still queued does not go out. One that a worker has
 * in hand keeps its address until it is told a second time that they were erased. A suppression stays with its address:
 * it is how we know not to write to them.
 */
@Injectable()
export class Erasing {
  constructor(
    private readonly outbox: Outbox,
    private readonly deadLetters: DeadLetters,
  ) {}

  async erasePersons(tx: Transaction, erased: readonly PersonErasedItem[]): Promise<void> {
    for (const { accountId, person } of erased) {
      const names = personIdentifiers(person);
      await this.deadLetters.erase(tx, accountId, names);
      const address = person.phone ?? person.email;
      if (address === undefined) continue;
      await this.forget(
        tx,
        await lockDeliveries(tx, `account_id = $1 and address = $2`, [accountId, address]),
      );
      await tx.query(`delete from consent where account_id = $1 and address = $2`, [accountId, address]);
      await tx.query(`delete from sandbox_message where account_id = $1 and recipient = $2`, [
        accountId,
        address,
      ]);
      await tx.query(`update suppression set note = null where account_id = $1 and address = $2`, [
        accountId,
        address,
      ]);
    }
  }

  /** What went to any address of theirs for a coupon that was theirs. */
  async eraseHolders(tx: Transaction, erased: readonly ItemOf<typeof CouponHolderErased>[]): Promise<void> {
    for (const { accountId, couponId } of erased) {
      const deliveries = await lockDeliveries(tx, `account_id = $1 and coupon_id = $2`, [
        accountId,
        couponId,
      ]);
      await this.forget(tx, deliveries);
      await tx.query(`delete from sandbox_message where delivery_id = any($1::text[])`, [
        deliveries.map(({ id }) => id),
      ]);
    }
  }

  private async forget(tx: Transaction, deliveries: readonly Delivery[]): Promise<void> {
    const done = deliveries.filter(({ status }) => status !== 'sending');
    const ids = done.map(({ id }) => id);
    await tx.query(
      `update delivery set address = '', error = case when status = 'queued' then 'recipient.erased' else null end,
              status = case when status = 'queued' then 'suppressed' else status end
       where id = any($1::text[])`,
      [ids],
    );
    await tx.query(`delete from message where delivery_id = any($1::text[])`, [ids]);
    const stopped = done.filter(({ status }) => status === 'queued');
    await publishSettled(
      this.outbox,
      tx,
      stopped.map(({ id, ...delivery }) => ({
        ...delivery,
        deliveryId: id,
        status: 'suppressed' as const,
        error: 'recipient.erased',
      })),
      () => null,
    );
  }
}

const lockDeliveries = (tx: Transaction, condition: string, values: unknown[]): Promise<Delivery[]> =>
  tx.query<Delivery[]>(
    `select id, account_id as "accountId", coupon_id as "couponId", campaign_id as "campaignId", channel, status
     from delivery where ${condition} and address <> '' order by id for update`,
    values,
  );
