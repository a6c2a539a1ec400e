import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CampaignCounterEntity } from './campaigns/campaign-counter.entity';
import { CampaignEntity } from './campaigns/campaign.entity';
import { CouponEntity } from './coupons/coupon.entity';
import { PlayerEntity } from './games/player.entity';
import { JobEntity } from './jobs/job.entity';
import { Issuance1700000100000 } from './migrations/0001-issuance';
import { Games1700000200000 } from './migrations/0002-games';
import { Lists1700000300000 } from './migrations/0003-lists';
import { Draws1700000400000 } from './migrations/0004-draws';
import { RoomForUpdates1700000500000 } from './migrations/0005-room-for-updates';
import { JobWarnings1700000600000 } from './migrations/0006-job-warnings';
import { EndsOfCodes1700000700000 } from './migrations/0007-ends-of-codes';
import { OnePhoneOnePerson1700000900000 } from './migrations/0009-one-phone-one-person';

export const openIssuanceDatabase = (url: string, poolSize: number, logger?: Logger): Promise<DataSource> =>
  openDatabase({
    service: 'issuance',
    stablePlans: true,
    url,
    poolSize,
    logger,
    entities: [
      ...messagingEntities,
      CampaignEntity,
      CampaignCounterEntity,
      CouponEntity,
      PlayerEntity,
      JobEntity,
    ],
    migrations: [
      ...messagingMigrations,
      Issuance1700000100000,
      Games1700000200000,
      Lists1700000300000,
      Draws1700000400000,
      RoomForUpdates1700000500000,
      JobWarnings1700000600000,
      EndsOfCodes1700000700000,
      OnePhoneOnePerson1700000900000,
    ],
  });
