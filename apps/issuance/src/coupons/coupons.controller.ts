import { Controller, UsePipes } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  GetCoupon,
  GetCouponPage,
  IssueCoupon,
  LookUpCode,
  SearchCoupons,
  SendCoupon,
  type Coupon,
  type DomainError,
  type IssueOutcome,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { StorablePipe } from '@tearoff/service-kit';
import { CouponSearch } from './coupon.search';
import { CouponsService } from './coupons.service';
import { IssueService } from './issue.service';
import { Sending } from './sending';

@Controller()
@UsePipes(StorablePipe)
export class CouponsController {
  constructor(
    private readonly issuing: IssueService,
    private readonly coupons: CouponsService,
    private readonly searching: CouponSearch,
    private readonly sending: Sending,
  ) {}

  @MessagePattern(IssueCoupon.name)
  issue(
    @Payload() requests: RequestOf<typeof IssueCoupon>[],
    @Ctx() { contexts }: CommandContext,
  ): Promise<(IssueOutcome | DomainError)[]> {
    return this.issuing.issue(requests, contexts);
  }

  @MessagePattern(GetCoupon.name)
  get(@Payload() requests: RequestOf<typeof GetCoupon>[]): Promise<(Coupon | DomainError)[]> {
    return this.coupons.get(requests);
  }

  @MessagePattern(GetCouponPage.name)
  pages(
    @Payload() requests: RequestOf<typeof GetCouponPage>[],
  ): Promise<(ReplyOf<typeof GetCouponPage> | DomainError)[]> {
    return this.coupons.pages(requests);
  }

  @MessagePattern(LookUpCode.name)
  lookUp(@Payload() requests: RequestOf<typeof LookUpCode>[]): Promise<ReplyOf<typeof LookUpCode>[]> {
    return this.coupons.lookUp(requests);
  }

  @MessagePattern(SearchCoupons.name)
  search(@Payload() request: RequestOf<typeof SearchCoupons>): Promise<ReplyOf<typeof SearchCoupons>> {
    return this.searching.search(request);
  }

  @MessagePattern(SendCoupon.name)
  send(
    @Payload() request: RequestOf<typeof SendCoupon>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<Coupon> {
    return this.sending.again(request, contexts[0]);
  }
}
