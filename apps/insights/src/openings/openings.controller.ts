import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { GetCouponPageOpenings, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { DataSource, In } from 'typeorm';
import { CouponPageOpeningEntity } from '../facts/coupon-page-opening.entity';

@Controller()
export class OpeningsController {
  constructor(private readonly dataSource: DataSource) {}

  @MessagePattern(GetCouponPageOpenings.name)
  async get(
    @Payload() { accountId, couponIds }: RequestOf<typeof GetCouponPageOpenings>,
  ): Promise<ReplyOf<typeof GetCouponPageOpenings>> {
    const rows = await this.dataSource
      .getRepository(CouponPageOpeningEntity)
      .findBy({ accountId, couponId: In(couponIds) });
    return { data: rows.map(({ couponId, openedAt }) => ({ couponId, openedAt: openedAt.toISOString() })) };
  }
}
