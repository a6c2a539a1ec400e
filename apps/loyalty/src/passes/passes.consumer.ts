import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  CampaignChanged,
  CardChanged,
  CouponRedeemed,
  CouponVoided,
  PersonErased,
  PointsAwarded,
  PointsExpired,
  PointsSpent,
  RedemptionReversed,
  RewardIssued,
  TierChanged,
  type Campaign,
  type Card,
  type PersonErasedItem,
} from '@tearoff/contracts';
import { onQueue, type EventContext } from '@tearoff/messaging';
import { pictureRequestsOfCampaign, pictureRequestsOfCard } from '../pictures/picture.requests';
import { PicturesService } from '../pictures/pictures.service';
import { WalletPushJobs } from '../push/wallet-push-jobs.service';
import { Erasure } from './erasure';
import { PassChanges } from './pass-changes';

interface OfCoupon {
  couponId: string;
}
interface OfMember {
  cardId: string;
  memberId: string;
}

const on = ({ type }: { type: string }): string => onQueue('loyalty.wallets', type);

/**
 * What changes a pass. Nothing of it is kept but which pictures are shown: a pass is filled by its owners when a wallet
 * asks for it.
 */
@Controller()
export class PassesConsumer {
  constructor(
    private readonly changes: PassChanges,
    private readonly rounds: WalletPushJobs,
    private readonly erasure: Erasure,
    private readonly pictures: PicturesService,
  ) {}

  @EventPattern<string[]>([on(CouponRedeemed), on(RedemptionReversed), on(CouponVoided)])
  onCoupons(@Payload() items: OfCoupon[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.changes.ofCoupons(
      tx,
      items.map(({ couponId }) => couponId),
    );
  }

  @EventPattern<string[]>([
    on(PointsAwarded),
    on(PointsSpent),
    on(PointsExpired),
    on(TierChanged),
    on(RewardIssued),
  ])
  onMembers(@Payload() items: OfMember[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.changes.ofMembers(tx, items);
  }

  @EventPattern<string>(on(CampaignChanged))
  async onCampaigns(@Payload() items: Campaign[], @Ctx() { tx }: EventContext): Promise<void> {
    const campaigns = lastOfEach(items);
    await this.pictures.saved(
      tx,
      [...campaigns.keys()],
      [...campaigns.values()].flatMap(pictureRequestsOfCampaign),
    );
    await this.rounds.ofChanged(
      tx,
      items.map(({ id, accountId }) => ({ accountId, campaignId: id, cardId: null })),
    );
  }

  @EventPattern<string>(on(CardChanged))
  async onCards(@Payload() items: Card[], @Ctx() { tx }: EventContext): Promise<void> {
    const cards = lastOfEach(items);
    await this.pictures.saved(tx, [...cards.keys()], [...cards.values()].flatMap(pictureRequestsOfCard));
    await this.rounds.ofChanged(
      tx,
      items.map(({ id, accountId }) => ({ accountId, campaignId: null, cardId: id })),
    );
  }

  @EventPattern<string>(on(PersonErased))
  onErased(@Payload() items: PersonErasedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.erasure.forget(tx, items);
  }
}

const lastOfEach = <T extends { id: string }>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));
