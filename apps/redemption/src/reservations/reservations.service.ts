import { Injectable } from '@nestjs/common';
import {
  DomainError,
  newId,
  type MessageContext,
  type RefusalReason,
  type ReleaseReservation,
  type RequestOf,
  type ReserveCode,
  type ReserveOutcome,
} from '@tearoff/contracts';
import { assertStorable, isStorable, prepared, retryOnConflict } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { couponState } from '../coupons/coupon.entity';
import { noReservedTill } from '../coupons/coupon.sql';
import { CouponLookup } from '../coupons/coupon-lookup';
import { questionValues } from '../redemptions/eligibility.sql';
import { minimumOfRefusal } from '../redemptions/minimum-basket';
import { questionOf, readingsOf } from '../redemptions/question';
import { reservationNotFound } from './reservation.errors';
import { reserveStatement, type ReservedRow } from './reserve.sql';

const defaultTtlSeconds = 120;

@Injectable()
export class ReservationsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: CouponLookup,
  ) {}

  async reserve(request: RequestOf<typeof ReserveCode>, context?: MessageContext): Promise<ReserveOutcome> {
    assertStorable([request.storeId, request.terminalId, request.basket]);
    const readings = readingsOf(request.code);
    if (!readings) return refused('not_found');
    const id = newId('reservation');
    const ttl = request.ttlSeconds ?? defaultTtlSeconds;
    const question = questionOf(request, readings, 0, context);
    const answers = await this.lookup.answers([question], (batch) =>
      retryOnConflict(() =>
        prepared<ReservedRow>(this.dataSource, reserveStatement, [
          ...questionValues(batch),
          [id],
          [ttl],
          [request.terminalId ?? null],
          [request.basket ? JSON.stringify(request.basket) : null],
        ]),
      ),
    );
    const row = answers.get(question.pos);
    if (row instanceof DomainError) throw row;
    if (!row) return refused('not_found');
    if (!row.held)
      return {
        ...refused(row.reason as RefusalReason, row),
        ...minimumOfRefusal(row, row.reason, question.total),
      };
    return {
      outcome: 'reserved',
      reservation: {
        id,
        code: row.code,
        couponId: row.coupon_id,
        campaignId: row.campaign_id,
        storeId: question.storeId,
        expiresAt: row.expires_at.toISOString(),
      },
    };
  }

  async release({
    accountId,
    reservationId,
  }: RequestOf<typeof ReleaseReservation>): Promise<Record<string, never>> {
    if (!isStorable(reservationId)) throw reservationNotFound();
    const [, released] = (await this.dataSource.query(
      `update coupon set reservation_id = null, reserved_until = null, ${noReservedTill}
       where account_id = $1 and reservation_id = $2 and state = ${couponState.issued}
         and reserved_until > clock_timestamp()`,
      [accountId, reservationId],
    )) as [unknown[], number];
    if (released === 0) throw reservationNotFound();
    return {};
  }
}

const refused = (reason: RefusalReason, row?: ReservedRow): ReserveOutcome => ({
  outcome: 'refused',
  reason,
  redeemedAt: row?.redeemed_at?.toISOString() ?? null,
  storeId: row?.redeemed_store_id ?? null,
});
