import { Injectable } from '@nestjs/common';
import type { RedeemCode, RequestOf } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { couponState } from '../coupons/coupon.entity';
import { isStorable } from '@tearoff/service-kit';

type Request = RequestOf<typeof RedeemCode>;

/** What a reservation holds, and what its till said; nothing of the till once it was spent. */
export interface Held extends Pick<Request, 'storeId' | 'terminalId' | 'channel' | 'basket'> {
  readonly code: string;
}

interface Row {
  pos: number;
  code: string;
  reserved_store_id: string | null;
  reserved_terminal_id: string | null;
  reserved_channel: Request['channel'] | null;
  reserved_basket: Request['basket'] | null;
}

/** Which codes are meant by reservation ids. */
@Injectable()
export class ReservedCodes {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * By position; no entry where the reservation is unknown or has run out. One that was spent is found still,
   * so that a till that lost the answer can ask again; after a reversal by the transactionRef it was spent with.
   */
  async heldBy(
    requests: readonly Pick<Request, 'accountId' | 'reservationId' | 'transactionRef' | 'storeId'>[],
  ): Promise<Map<number, Held>> {
    const asked = requests.flatMap(({ accountId, reservationId, transactionRef, storeId }, pos) =>
      reservationId && isStorable(reservationId)
        ? { pos, accountId, reservationId, ref: storableOf(transactionRef), storeId: storableOf(storeId) }
        : [],
    );
    if (asked.length === 0) return new Map();
    const rows = (await this.dataSource.query(
      `select q.pos, c.code, c.reserved_store_id, c.reserved_terminal_id, c.reserved_channel, c.reserved_basket
       from unnest($1::int[], $2::text[], $3::text[]) as q (pos, account_id, reservation_id)
       join coupon c on c.reservation_id = q.reservation_id and c.account_id = q.account_id
       where c.state = ${couponState.redeemed} or c.reserved_until > clock_timestamp()
       union all
       select q.pos, r.code, r.store_id, r.terminal_id, r.channel, r.basket
       from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[])
         as q (pos, account_id, reservation_id, ref, store_id)
       join redemption r on r.account_id = q.account_id and r.transaction_ref = q.ref
       where r.reservation_id = q.reservation_id and r.reversed_at is not null
         and (q.store_id is null or r.store_id is null or r.store_id = q.store_id)`,
      [
        asked.map(({ pos }) => pos),
        asked.map(({ accountId }) => accountId),
        asked.map(({ reservationId }) => reservationId),
        asked.map(({ ref }) => ref),
        asked.map(({ storeId }) => storeId),
      ],
    )) as Row[];
    return new Map(rows.map((row) => [row.pos, heldIn(row)]));
  }
}

const storableOf = (text: string | undefined): string | null =>
  text !== undefined && isStorable(text) ? text : null;

const heldIn = (row: Row): Held => ({
  code: row.code,
  storeId: row.reserved_store_id ?? undefined,
  terminalId: row.reserved_terminal_id ?? undefined,
  channel: row.reserved_channel ?? undefined,
  basket: row.reserved_basket ?? undefined,
});

/** The request, with what it leaves unsaid as the till said it when it reserved. */
export const completedBy = <R extends Omit<Held, 'code'>>(request: R, held: Held): R => ({
  ...request,
  storeId: request.storeId ?? held.storeId,
  terminalId: request.terminalId ?? held.terminalId,
  channel: request.channel ?? held.channel,
  basket: request.basket ?? held.basket,
});
