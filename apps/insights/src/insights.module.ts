import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule, ZoneNames } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CampaignsConsumer } from './campaigns/campaigns.consumer';
import { CampaignsProjection } from './campaigns/campaigns.projection';
import { KnownCampaigns } from './campaigns/known-campaigns';
import { CardsConsumer } from './cards/cards.consumer';
import { KnownCards } from './cards/known-cards';
import { FactsConsumer } from './facts/facts.consumer';
import { FactsWriter } from './facts/facts.writer';
import { FunnelController } from './funnel/funnel.controller';
import { FunnelService } from './funnel/funnel.service';
import { LoyaltyConsumer } from './loyalty/loyalty.consumer';
import { LoyaltyController } from './loyalty/loyalty.controller';
import { LoyaltyService } from './loyalty/loyalty.service';
import { OpeningsController } from './openings/openings.controller';
import { RebuildController } from './rebuild/rebuild.controller';
import { RebuildReader } from './rebuild/rebuild.reader';
import { RebuildRunner } from './rebuild/rebuild.runner';
import { RebuildService } from './rebuild/rebuild.service';
import { SpendController } from './spend/spend.controller';
import { SpendService } from './spend/spend.service';
import { TimeseriesController } from './timeseries/timeseries.controller';
import { TimeseriesService } from './timeseries/timeseries.service';
import { ErasureConsumer } from './erasure/erasure.consumer';
import { TrafficConsumer } from './traffic/traffic.consumer';

@Module({})
export class InsightsModule {
  static register({
    dataSource,
    messaging,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
  }): DynamicModule {
    return {
      module: InsightsModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [
        CampaignsConsumer,
        CardsConsumer,
        FactsConsumer,
        ErasureConsumer,
        TrafficConsumer,
        LoyaltyConsumer,
        FunnelController,
        TimeseriesController,
        LoyaltyController,
        SpendController,
        OpeningsController,
        RebuildController,
      ],
      providers: [
        CampaignsProjection,
        FactsWriter,
        FunnelService,
        KnownCampaigns,
        KnownCards,
        LoyaltyService,
        RebuildReader,
        RebuildRunner,
        RebuildService,
        SpendService,
        TimeseriesService,
        ZoneNames,
      ],
    };
  }
}
