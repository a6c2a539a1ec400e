import { Injectable } from '@nestjs/common';
import {
  normaliseCode,
  type Coupon,
  type DomainError,
  type GetCoupon,
  type GetCouponPage,
  type LookUpCode,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { DataSource, In } from 'typeorm';
import { campaignOf } from '../campaigns/campaign.entity';
import { CampaignsService } from '../campaigns/campaigns.service';
import { Clock } from '@tearoff/service-kit';
import { CouponEntity } from './coupon.entity';
import { inIndex } from './coupons-by-id';
import { couponOf, entryOf } from './coupon.view';
import { couponNotFound } from './coupons.errors';

/** Coupons as they stand; each answer belongs to the request at its place. */
@Injectable()
export class CouponsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly campaigns: CampaignsService,
    private readonly clock: Clock,
  ) {}

  async get(requests: readonly RequestOf<typeof GetCoupon>[]): Promise<(Coupon | DomainError)[]> {
    const coupons = await this.dataSource.manager.findBy(CouponEntity, {
      accountId: In(distinct(requests.map(({ accountId }) => accountId))),
      id: inIndex(requests.map(({ couponId }) => couponId)),
    });
    const campaigns = await this.campaignsOf(coupons);
    const now = this.clock.now();
    return requests.map(({ accountId, couponId }) => {
      const coupon = coupons.find((row) => row.id === couponId && row.accountId === accountId);
      return coupon ? couponOf(coupon, campaigns.get(coupon.campaignId)!, now) : couponNotFound();
    });
  }

  async pages(
    requests: readonly RequestOf<typeof GetCouponPage>[],
  ): Promise<(ReplyOf<typeof GetCouponPage> | DomainError)[]> {
    const coupons = await this.dataSource.manager.findBy(CouponEntity, {
      token: In(distinct(requests.map(({ token }) => token))),
    });
    const campaigns = await this.campaignsOf(coupons);
    const byToken = new Map(coupons.map((coupon) => [coupon.token, coupon]));
    const now = this.clock.now();
    return requests.map(({ token }) => {
      const coupon = byToken.get(token);
      if (!coupon) return couponNotFound();
      const campaign = campaigns.get(coupon.campaignId)!;
      return { coupon: couponOf(coupon, campaign, now), campaign: campaignOf(campaign) };
    });
  }

  async lookUp(requests: readonly RequestOf<typeof LookUpCode>[]): Promise<ReplyOf<typeof LookUpCode>[]> {
    const codes = requests.map(({ code }) => normaliseCode(code));
    const coupons = await this.dataSource.manager.findBy(CouponEntity, { code: In(distinct(codes)) });
    const [campaigns, importers] = await Promise.all([
      this.campaignsOf(coupons),
      this.importers(distinct(requests.map(({ accountId }) => accountId))),
    ]);
    return requests.map(({ accountId }, index) => {
      const coupon = coupons.find((row) => row.code === codes[index] && row.accountId === accountId);
      return {
        entry: coupon ? entryOf(coupon) : null,
        campaign: coupon ? campaignOf(campaigns.get(coupon.campaignId)!) : null,
        importedCodes: importers.has(accountId),
      };
    });
  }

  /** Those of these accounts with codes of a stranger's making, which carry no check character. */
  private async importers(accountIds: readonly string[]): Promise<Set<string>> {
    const rows = (await this.dataSource.query(
      `select distinct account_id as id from campaign
       where account_id = any($1) and (codes->>'source' = 'imported' or foreign_codes)`,
      [accountIds],
    )) as { id: string }[];
    return new Set(rows.map(({ id }) => id));
  }

  private campaignsOf(coupons: readonly CouponEntity[]) {
    return this.campaigns.byId(coupons.map(({ campaignId }) => campaignId));
  }
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];
