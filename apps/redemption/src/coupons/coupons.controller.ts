import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { GetCouponState, VoidCoupon, type CouponState, type RequestOf } from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { CouponsService } from './coupons.service';

@Controller()
export class CouponsController {
  constructor(private readonly coupons: CouponsService) {}

  @MessagePattern(GetCouponState.name)
  states(@Payload() requests: RequestOf<typeof GetCouponState>[]): Promise<CouponState[]> {
    return this.coupons.states(requests);
  }

  @MessagePattern(VoidCoupon.name)
  void(
    @Payload() request: RequestOf<typeof VoidCoupon>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<CouponState> {
    return this.coupons.void(request, contexts[0]);
  }
}
