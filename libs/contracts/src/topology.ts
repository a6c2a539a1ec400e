import { CampaignChanged } from './campaigns';
import { CardChanged } from './cards';
import { CodesLowStock } from './codes';
import { PersonErased } from './contacts';
import {
  BulkCouponsIssued,
  BulkSendRequested,
  CouponHolderErased,
  CouponIssued,
  CouponSendRequested,
} from './coupons';
import type { EventDefinition, ServiceName } from './definitions';
import { DeliveryDue, DeliverySettled } from './deliveries';
import { EventRecorded } from './events';
import { CouponPageOpened, TrafficCounted } from './insights';
import { MemberEnrolled } from './members';
import { PointsAwarded, PointsExpired, PointsNotAwarded, PointsSpent, TierChanged } from './points';
import { CouponRedeemed, CouponVoided, GuessingSuspected, RedemptionReversed } from './redemptions';
import { RewardGranted, RewardIssued, RewardOrderSettled } from './rewards';
import { PassChangeDue, WalletDue, WalletPushJobContinued } from './wallets';
import { WebhookDue } from './webhooks';
import { RunDue } from './workflows';

/**
 * A queue that survives everything but its deletion. `events`: bound to the exchange, each event handled
 * once in one transaction with its inbox row. `work`: fed by its own service alone, handled outside a
 * transaction by whichever worker is free; the handler must bear being called again.
 */
export interface QueueDefinition {
  readonly service: ServiceName;
  /** Without the installation's prefix: `redemption.events`. */
  readonly name: string;
  readonly mode: 'events' | 'work';
  readonly types: readonly EventDefinition[];
  /** Its events carry hundreds of items each: one is handled at a time, so that others get their turn. */
  readonly bulky?: boolean;
  /**
   * Of its types those that may gather for a quarter of a second, because no one waits for what is made of them,
   * nor does their order matter: what comes one by one is then handled by the hundred.
   */
  readonly batched?: readonly EventDefinition[];
}

/** Who consumes what. Every service declares all of it at start, so an event waits for a consumer yet to come. */
export const queues: readonly QueueDefinition[] = [
  {
    service: 'issuance',
    name: 'issuance.events',
    mode: 'events',
    types: [CouponRedeemed, RedemptionReversed, CouponVoided, DeliverySettled, RewardGranted, PersonErased],
    batched: [DeliverySettled],
  },
  {
    service: 'redemption',
    name: 'redemption.events',
    mode: 'events',
    types: [CampaignChanged, CouponIssued, BulkCouponsIssued, PersonErased],
    // A code that is shown at a till before that is asked for.
    batched: [CouponIssued],
  },
  {
    service: 'notification',
    name: 'notification.events',
    mode: 'events',
    types: [CampaignChanged, CouponIssued, CouponSendRequested, CouponHolderErased, PersonErased],
  },
  {
    service: 'notification',
    name: 'notification.lists',
    mode: 'events',
    types: [BulkCouponsIssued, BulkSendRequested],
    bulky: true,
  },
  {
    service: 'insights',
    name: 'insights.events',
    mode: 'events',
    types: [
      CampaignChanged,
      CouponIssued,
      BulkCouponsIssued,
      CouponRedeemed,
      RedemptionReversed,
      CouponVoided,
      DeliverySettled,
      CouponPageOpened,
      PersonErased,
      TrafficCounted,
      CardChanged,
      MemberEnrolled,
      PointsAwarded,
      PointsSpent,
      PointsExpired,
      TierChanged,
      RewardIssued,
    ],
    batched: [CouponIssued, CouponRedeemed, DeliverySettled, PointsAwarded, PointsSpent],
  },
  {
    service: 'loyalty',
    name: 'loyalty.events',
    mode: 'events',
    types: [
      CouponRedeemed,
      RedemptionReversed,
      CouponVoided,
      EventRecorded,
      RewardOrderSettled,
      PersonErased,
    ],
    batched: [CouponRedeemed],
  },
  {
    service: 'automation',
    name: 'automation.events',
    mode: 'events',
    types: [
      EventRecorded,
      CouponIssued,
      CouponRedeemed,
      RedemptionReversed,
      CouponVoided,
      DeliverySettled,
      MemberEnrolled,
      PointsAwarded,
      PointsSpent,
      PointsExpired,
      PointsNotAwarded,
      TierChanged,
      RewardIssued,
      PersonErased,
      CodesLowStock,
      GuessingSuspected,
    ],
    batched: [CouponIssued, CouponRedeemed, DeliverySettled, PointsAwarded, PointsSpent],
  },
  {
    service: 'automation',
    name: 'automation.lists',
    mode: 'events',
    types: [BulkCouponsIssued],
    bulky: true,
  },
  {
    service: 'loyalty',
    name: 'loyalty.wallets',
    mode: 'events',
    types: [
      CouponRedeemed,
      RedemptionReversed,
      CouponVoided,
      CampaignChanged,
      CardChanged,
      PointsAwarded,
      PointsSpent,
      PointsExpired,
      TierChanged,
      RewardIssued,
      PersonErased,
    ],
  },
  {
    service: 'loyalty',
    name: 'loyalty.push',
    mode: 'work',
    types: [WalletDue, PassChangeDue, WalletPushJobContinued],
  },
  { service: 'automation', name: 'automation.runs', mode: 'work', types: [RunDue] },
  // Thousands fall due in one second: one message at a time, so that what has just begun gets its turn.
  { service: 'automation', name: 'automation.delays', mode: 'work', types: [RunDue], bulky: true },
  { service: 'automation', name: 'automation.webhooks', mode: 'work', types: [WebhookDue] },
  { service: 'notification', name: 'notification.sms', mode: 'work', types: [DeliveryDue] },
  { service: 'notification', name: 'notification.email', mode: 'work', types: [DeliveryDue] },
  { service: 'notification', name: 'notification.sms.bulk', mode: 'work', types: [DeliveryDue] },
  { service: 'notification', name: 'notification.email.bulk', mode: 'work', types: [DeliveryDue] },
];

/**
 * Events that every running process of a service may hear as they pass, without a queue that waits and
 * without any promise: for pages that are open right now and caches that would grow stale.
 */
export const broadcasts: Readonly<Partial<Record<ServiceName, readonly EventDefinition[]>>> = {
  gateway: [
    CouponRedeemed,
    RedemptionReversed,
    CouponVoided,
    CampaignChanged,
    PointsAwarded,
    PointsSpent,
    PointsExpired,
    TierChanged,
    RewardIssued,
    CardChanged,
  ],
};
