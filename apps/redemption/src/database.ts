import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CampaignEntity } from './campaigns/campaign.entity';
import { CouponEntity } from './coupons/coupon.entity';
import { Redemption1700000001000 } from './migrations/0001-redemption';
import { ReservedTill1700000002000 } from './migrations/0002-reserved-till';
import { CurrencyAndRefs1700000005000 } from './migrations/0005-currency-and-refs';
import { RedemptionEntity } from './redemptions/redemption.entity';
import { StoreEntity } from './stores/store.entity';

/** Redemption's schema, migrated. The benchmark opens it too, to run the bare statement. */
export const openRedemptionDatabase = (
  url: string,
  poolSize?: number,
  logger?: Logger,
): Promise<DataSource> =>
  openDatabase({
    service: 'redemption',
    stablePlans: true,
    url,
    entities: [...messagingEntities, CampaignEntity, CouponEntity, RedemptionEntity, StoreEntity],
    migrations: [
      ...messagingMigrations,
      Redemption1700000001000,
      ReservedTill1700000002000,
      CurrencyAndRefs1700000005000,
    ],
    poolSize,
    logger,
  });
