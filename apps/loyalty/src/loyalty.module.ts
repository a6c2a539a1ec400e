import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { Clock, DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CardCache } from './cards/card-cache';
import { CardsController } from './cards/cards.controller';
import { CardsService } from './cards/cards.service';
import { RewardCampaigns } from './cards/reward-campaigns';
import { EarningConsumer } from './earning/earning.consumer';
import { EarningService } from './earning/earning.service';
import { Recipients } from './earning/recipients';
import { CardPages } from './enrolments/card-pages';
import { Enrolling } from './enrolments/enrolling';
import { EnrolmentsController } from './enrolments/enrolments.controller';
import { EnrolmentsService } from './enrolments/enrolments.service';
import { ErasureConsumer } from './erasure/erasure.consumer';
import { ExportController } from './erasure/export.controller';
import { ExportService } from './erasure/export.service';
import { LedgerSettlement } from './expiry/ledger-settlement';
import { SweepPace } from './expiry/sweep-pace';
import { Sweeper } from './expiry/sweeper';
import { LedgerEvents } from './ledger/ledger-events';
import { Ledgers } from './ledger/ledgers';
import { LedgerReader } from './ledger/ledger-reader';
import { PointsController } from './ledger/points.controller';
import { PointsResolver } from './ledger/points-resolver';
import { PointsService } from './ledger/points.service';
import { MemberSearch } from './members/member-search';
import { MembersController } from './members/members.controller';
import { MembersService } from './members/members.service';
import { PictureSettings } from './pictures/picture.settings';
import { walletControllers, walletProviders } from './wallet.parts';
import { WalletSettings } from './wallet.settings';
import { RewardsConsumer } from './rewards/rewards.consumer';
import { RewardsController } from './rewards/rewards.controller';
import { RewardsService } from './rewards/rewards.service';

export interface LoyaltyParts {
  dataSource: DataSource;
  messaging: Messaging;
  clock: Clock;
  sweepPace: SweepPace;
  wallets: WalletSettings;
  pictures: PictureSettings;
}

@Module({})
export class LoyaltyModule {
  static register({
    dataSource,
    messaging,
    clock,
    sweepPace,
    wallets,
    pictures,
  }: LoyaltyParts): DynamicModule {
    return {
      module: LoyaltyModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [
        CardsController,
        EarningConsumer,
        EnrolmentsController,
        ErasureConsumer,
        ExportController,
        MembersController,
        PointsController,
        ...walletControllers,
        RewardsConsumer,
        RewardsController,
      ],
      providers: [
        { provide: Clock, useValue: clock },
        { provide: SweepPace, useValue: sweepPace },
        { provide: WalletSettings, useValue: wallets },
        { provide: PictureSettings, useValue: pictures },
        LedgerEvents,
        Ledgers,
        CardCache,
        CardPages,
        CardsService,
        EarningService,
        Enrolling,
        EnrolmentsService,
        ExportService,
        LedgerReader,
        MemberSearch,
        MembersService,
        PointsResolver,
        PointsService,
        Recipients,
        RewardCampaigns,
        RewardsService,
        LedgerSettlement,
        Sweeper,
        ...walletProviders,
      ],
    };
  }
}
