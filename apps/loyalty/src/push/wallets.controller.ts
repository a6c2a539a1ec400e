import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  GetWalletOptions,
  GetWalletPushJob,
  PushToCard,
  PushToCoupon,
  type ReplyOf,
  type RequestOf,
  type WalletOptions,
  type WalletPushJob,
} from '@tearoff/contracts';
import { WalletSettings } from '../wallet.settings';
import { CouponPush } from './coupon-push.service';
import { WalletPushJobs } from './wallet-push-jobs.service';

@Controller()
export class WalletsController {
  constructor(
    private readonly rounds: WalletPushJobs,
    private readonly coupons: CouponPush,
    private readonly settings: WalletSettings,
  ) {}

  @MessagePattern(GetWalletOptions.name)
  options(): WalletOptions {
    const { apple, google } = this.settings;
    return { apple: { development: apple.certificate === null }, google: google !== null };
  }

  @MessagePattern(PushToCard.name)
  push(@Payload() { accountId, cardId, message }: RequestOf<typeof PushToCard>): Promise<WalletPushJob> {
    return this.rounds.begin(accountId, cardId, message);
  }

  @MessagePattern(PushToCoupon.name)
  async pushToCoupon(
    @Payload() { accountId, couponId, message }: RequestOf<typeof PushToCoupon>,
  ): Promise<ReplyOf<typeof PushToCoupon>> {
    return { devices: await this.coupons.tell(accountId, couponId, message) };
  }

  @MessagePattern(GetWalletPushJob.name)
  round(@Payload() { accountId, cardId, jobId }: RequestOf<typeof GetWalletPushJob>): Promise<WalletPushJob> {
    return this.rounds.get(accountId, cardId, jobId);
  }
}
