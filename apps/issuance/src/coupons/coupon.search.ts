import { Injectable } from '@nestjs/common';
import {
  emailOf,
  invalid,
  candidateCodes,
  phoneOf,
  type Coupon,
  type ReplyOf,
  type RequestOf,
  type SearchCoupons,
} from '@tearoff/contracts';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { CampaignsService } from '../campaigns/campaigns.service';
import { Clock, decodeIdCursor, toPage } from '@tearoff/service-kit';
import { emailKey, externalKey, phoneKey } from '../recipients/identity';
import { CouponEntity } from './coupon.entity';
import { couponOf } from './coupon.view';
import { messages } from './refusals';

const invalidPhone = () => invalid('recipient.invalid_phone', messages['recipient.invalid_phone']);

type Query = RequestOf<typeof SearchCoupons>;

const over = 'least(coupon.own_valid_to, campaign.ends_at) < :now';

/** As statusOf in coupon.view.ts. `least` ignores nulls. */
const conditions: Record<Coupon['status'], string> = {
  voided: 'coupon.voided_at is not null',
  redeemed: 'coupon.voided_at is null and coupon.redeemed_at is not null',
  expired: `coupon.voided_at is null and coupon.redeemed_at is null and ${over}`,
  issued: `coupon.voided_at is null and coupon.redeemed_at is null and (${over}) is not true`,
};

@Injectable()
export class CouponSearch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly campaigns: CampaignsService,
    private readonly clock: Clock,
  ) {}

  /** Newest first. Fails with `recipient.invalid_phone`; an e-mail address that cannot be one finds no one. */
  async search(request: Query): Promise<ReplyOf<typeof SearchCoupons>> {
    const { accountId, campaignId, code, status, cursor, limit = 50 } = request;
    const now = this.clock.now();
    const query = this.dataSource.manager
      .createQueryBuilder(CouponEntity, 'coupon')
      .where('coupon.account_id = :accountId', { accountId });
    if (campaignId !== undefined) query.andWhere('coupon.campaign_id = :campaignId', { campaignId });
    if (code !== undefined) query.andWhere('coupon.code in (:...codes)', { codes: candidateCodes(code) });
    const before = decodeIdCursor(cursor, 'coupon');
    if (before) query.andWhere('coupon.id < :before', { before });
    if (!byName(query, request)) return { data: [], nextCursor: null };
    if (status) {
      query
        .innerJoin(CampaignEntity, 'campaign', 'campaign.id = coupon.campaign_id')
        .andWhere(conditions[status], { now });
    }
    const rows = await query
      .orderBy('coupon.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    const campaigns = await this.campaigns.byId(rows.map((row) => row.campaignId));
    return toPage(rows, limit, (row) => couponOf(row, campaigns.get(row.campaignId)!, now));
  }
}

/** Narrows to the people known by all the names given; false when the e-mail address can be nobody's. */
function byName(query: SelectQueryBuilder<CouponEntity>, { phone, email, externalId }: Query): boolean {
  const holds = (name: string, keys: string) =>
    `coupon.id in (select slot.coupon_id from slot ${keys} and slot.key = any(:${name}))`;
  if (phone !== undefined) {
    const number = phoneOf(phone);
    if (!number) throw invalidPhone();
    query.andWhere(holds('phoneKeys', 'where true'), { phoneKeys: [phoneKey(number)] });
  }
  if (externalId !== undefined)
    query.andWhere(holds('externalKeys', 'where true'), { externalKeys: [externalKey(externalId.trim())] });
  if (email !== undefined) {
    const address = emailOf(email);
    if (!address) return false;
    // Each campaign says itself which spellings of an address are one person.
    const spellings = [false, true].flatMap((ignorePlus) =>
      [false, true].map((ignoreDots) => ({ ignorePlus, ignoreDots })),
    );
    const choices = spellings.map(
      (_, index) => `(owner.limits @> :folding${index}::jsonb and slot.key = :emailKey${index})`,
    );
    query.andWhere(
      `coupon.id in (select slot.coupon_id from slot join campaign owner on owner.id = slot.campaign_id
                     where slot.key = any(:emailKeys) and (${choices.join(' or ')}))`,
      {
        emailKeys: spellings.map((folding) => emailKey(address, folding)),
        ...Object.fromEntries(
          spellings.flatMap((folding, index) => [
            [`folding${index}`, JSON.stringify(folding)],
            [`emailKey${index}`, emailKey(address, folding)],
          ]),
        ),
      },
    );
  }
  return true;
}
