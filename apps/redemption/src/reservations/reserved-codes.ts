import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { couponState } from '../coupons/coupon.entity';
import { isStorable } from '../text/storable';

/** Which codes are meant by reservation ids. */
@Injectable()
export class ReservedCodes {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * By position; no entry where the reservation is unknown or has run out. One that was spent is found still,
   * so that a till that lost the answer can ask again.
   */
  async codesOf(
    requests: readonly { accountId: string; reservationId?: string }[],
  ): Promise<Map<number, string>> {
    const asked = requests.flatMap(({ accountId, reservationId }, pos) =>
      reservationId && isStorable(reservationId) ? { pos, accountId, reservationId } : [],
    );
    if (asked.length === 0) return new Map();
    const rows = (await this.dataSource.query(
      `select q.pos, c.code
       from unnest($1::int[], $2::text[], $3::text[]) as q (pos, account_id, reservation_id)
       join coupon c on c.reservation_id = q.reservation_id and c.account_id = q.account_id
       where c.state = ${couponState.redeemed} or c.reserved_until > clock_timestamp()`,
      [
        asked.map(({ pos }) => pos),
        asked.map(({ accountId }) => accountId),
        asked.map(({ reservationId }) => reservationId),
      ],
    )) as { pos: number; code: string }[];
    return new Map(rows.map(({ pos, code }) => [pos, code]));
  }
}
