import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { PUBLIC_URL } from '../pages/pages.tokens';
import { CoupontoolsCampaignsController } from './coupontools/campaigns.controller';
import { CoupontoolsCardSending } from './coupontools/card-sending.service';
import { CoupontoolsDeliveries } from './coupontools/deliveries.service';
import { CoupontoolsHistoriesController } from './coupontools/histories.controller';
import { CoupontoolsLoyaltyPushController } from './coupontools/loyalty-push.controller';
import { CoupontoolsLoyaltyController } from './coupontools/loyalty.controller';
import { CoupontoolsLoyaltyUsersController } from './coupontools/loyalty-users.controller';
import { CoupontoolsMultipleSingleUseController } from './coupontools/multiple-single-use.controller';
import { CoupontoolsSendingController } from './coupontools/sending.controller';
import { CoupontoolsSending } from './coupontools/sending.service';
import { CoupontoolsSessionsController } from './coupontools/sessions.controller';
import { CoupontoolsSessions } from './coupontools/sessions.service';
import { CoupontoolsSingleUseController } from './coupontools/single-use.controller';
import { EsputnikAccountController } from './esputnik/account.controller';
import { EsputnikContactsController } from './esputnik/contacts.controller';
import { EsputnikEventsController } from './esputnik/events.controller';
import { MessageStatusController } from './esputnik/message-status.controller';
import { SmartsendController } from './esputnik/smartsend.controller';
import { IssueRequestController } from './liquid-barcodes/issue-request.controller';
import { ListenersController } from './liquid-barcodes/listeners.controller';
import { PosController } from './liquid-barcodes/pos.controller';
import { SchedulesController } from './liquid-barcodes/schedules.controller';
import { OneAtATime } from './one-at-a-time';

/** The APIs of the systems that Tearoff stands in for: Coupontools v3, eSputnik v1 and Liquid Barcodes. */
@Module({})
export class FacadesModule {
  static register(publicUrl: string, api: DynamicModule): DynamicModule {
    return {
      module: FacadesModule,
      imports: [AccessModule, api],
      controllers: [
        CoupontoolsCampaignsController,
        CoupontoolsSingleUseController,
        CoupontoolsMultipleSingleUseController,
        CoupontoolsSessionsController,
        CoupontoolsHistoriesController,
        CoupontoolsLoyaltyPushController,
        CoupontoolsSendingController,
        CoupontoolsLoyaltyController,
        CoupontoolsLoyaltyUsersController,
        EsputnikEventsController,
        SmartsendController,
        MessageStatusController,
        EsputnikContactsController,
        EsputnikAccountController,
        IssueRequestController,
        SchedulesController,
        ListenersController,
        PosController,
      ],
      providers: [
        { provide: PUBLIC_URL, useValue: publicUrl },
        OneAtATime,
        CoupontoolsCardSending,
        CoupontoolsDeliveries,
        CoupontoolsSending,
        CoupontoolsSessions,
      ],
    };
  }
}
