import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CampaignEntity } from './campaigns/campaign.entity';
import { CardEntity } from './cards/card.entity';
import { CouponFactEntity } from './facts/coupon-fact.entity';
import { CouponPageOpeningEntity } from './facts/coupon-page-opening.entity';
import { RedemptionFactEntity } from './facts/redemption-fact.entity';
import { CardCountEntity } from './loyalty/card-count.entity';
import { TierChangeEntity } from './loyalty/tier-change.entity';
import { Insights1780000000001 } from './migrations/0001-insights';
import { RoomForUpdates1780000000002 } from './migrations/0002-room-for-updates';
import { Loyalty1780000000003 } from './migrations/0003-loyalty';
import { ReadModelEntity } from './rebuild/read-model.entity';
import { SpendEntity } from './spend/spend.entity';
import { TrafficEntity } from './traffic/traffic.entity';

/** Insights' schema, migrated. */
export const openInsightsDatabase = (url: string, poolSize?: number, logger?: Logger): Promise<DataSource> =>
  openDatabase({
    service: 'insights',
    url,
    entities: [
      ...messagingEntities,
      CampaignEntity,
      CardCountEntity,
      CardEntity,
      CouponFactEntity,
      CouponPageOpeningEntity,
      ReadModelEntity,
      RedemptionFactEntity,
      SpendEntity,
      TierChangeEntity,
      TrafficEntity,
    ],
    migrations: [
      ...messagingMigrations,
      Insights1780000000001,
      RoomForUpdates1780000000002,
      Loyalty1780000000003,
    ],
    poolSize,
    logger,
  });
