import { Injectable } from '@nestjs/common';
import {
  candidateCodes,
  RedemptionReversed,
  type ListRedemptions,
  type MessageContext,
  type Redemption,
  type ReplyOf,
  type RequestOf,
  type ReverseRedemption,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource, In, LessThan, type FindOptionsWhere } from 'typeorm';
import { CouponEntity, couponState } from '../coupons/coupon.entity';
import { nextInstant } from '../coupons/coupon.sql';
import { assertStorable, decodeIdCursor, isStorable, retryOnConflict, toPage } from '@tearoff/service-kit';
import { alreadyReversed, redemptionNotFound } from './redemption.errors';
import { RedemptionEntity, redemptionView } from './redemption.entity';
import { reversedRefsWithThis } from './reversed-refs';

@Injectable()
export class RedemptionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  /** Newest first. */
  async list(request: RequestOf<typeof ListRedemptions>): Promise<ReplyOf<typeof ListRedemptions>> {
    const { accountId, code, storeId, transactionRef, campaignId, cursor, limit = 50 } = request;
    const filters = [code, storeId, transactionRef, campaignId];
    if (filters.some((text) => text !== undefined && !isStorable(text)))
      return { data: [], nextCursor: null };
    const before = decodeIdCursor(cursor, 'redemption');
    const where: FindOptionsWhere<RedemptionEntity> = {
      accountId,
      ...(code !== undefined && { code: In(candidateCodes(code)) }),
      ...(storeId !== undefined && { storeId }),
      ...(transactionRef !== undefined && { transactionRef }),
      ...(campaignId !== undefined && { campaignId }),
      ...(before && { id: LessThan(before) }),
    };
    const rows = await this.dataSource
      .getRepository(RedemptionEntity)
      .find({ where, order: { id: 'DESC' }, take: limit + 1 });
    return toPage(rows, limit, redemptionView);
  }

  /** Undoes a redemption, once; the coupon can be spent again and the history stays. */
  async reverse(
    { accountId, redemptionId: id, reason }: RequestOf<typeof ReverseRedemption>,
    context?: MessageContext,
  ): Promise<Redemption> {
    assertStorable(reason ?? null);
    if (!isStorable(id)) throw redemptionNotFound();
    return retryOnConflict(() =>
      this.outbox.transaction(async (tx) => {
        const redemption = await tx.findOneBy(RedemptionEntity, { accountId, id });
        if (!redemption) throw redemptionNotFound();
        const reversedAt = await this.restore(tx, redemption);
        Object.assign(redemption, { reversedAt, reverseReason: reason ?? null });
        await tx.update(RedemptionEntity, { accountId, id }, { reversedAt, reverseReason: reason ?? null });
        const view = redemptionView(redemption);
        await this.outbox.add(
          tx,
          RedemptionReversed,
          [
            {
              redemptionId: view.id,
              accountId,
              couponId: view.couponId,
              campaignId: view.campaignId,
              code: view.code,
              storeId: view.storeId,
              redeemedAt: view.redeemedAt,
              reversedAt: reversedAt.toISOString(),
              reason: view.reverseReason,
            },
          ],
          { contexts: [context ?? null] },
        );
        return view;
      }),
    );
  }

  /** The coupon says which redemption stands, so its row alone decides who is first to undo it. */
  private async restore(tx: Transaction, { accountId, code, id }: RedemptionEntity): Promise<Date> {
    const key = { accountId, code };
    await tx.findOne(CouponEntity, {
      where: key,
      select: { code: true },
      lock: { mode: 'pessimistic_write' },
    });
    const [rows] = (await tx.query(
      `update coupon c set state = ${couponState.issued}, changed_at = ${nextInstant}, redemption_id = null,
         redeemed_at = null, redeemed_store_id = null, redeemed_channel = null, redeemed_ref = null,
         reservation_id = null, reversed_refs = ${reversedRefsWithThis}
       where account_id = $1 and code = $2 and redemption_id = $3
       returning changed_at`,
      [accountId, code, id],
    )) as [{ changed_at: Date }[], number];
    if (!rows[0]) throw alreadyReversed();
    return rows[0].changed_at;
  }
}
