import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule, ZoneNames } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CampaignsConsumer } from './campaigns/campaigns.consumer';
import { CampaignsProjection } from './campaigns/campaigns.projection';
import { CouponLookup } from './coupons/coupon-lookup';
import { CouponsConsumer } from './coupons/coupons.consumer';
import { CouponsController } from './coupons/coupons.controller';
import { CouponsProjection } from './coupons/coupons.projection';
import { CouponsService } from './coupons/coupons.service';
import { RedeemService } from './redemptions/redeem.service';
import { RedemptionsController } from './redemptions/redemptions.controller';
import { RedemptionsService } from './redemptions/redemptions.service';
import { ValidationsService } from './redemptions/validations.service';
import { ReservationsController } from './reservations/reservations.controller';
import { ReservationsService } from './reservations/reservations.service';
import { ReservedCodes } from './reservations/reserved-codes';
import { StoresController } from './stores/stores.controller';
import { ErasureConsumer } from './erasure/erasure.consumer';
import { StoresService } from './stores/stores.service';

@Module({})
export class RedemptionModule {
  static register({
    dataSource,
    messaging,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
  }): DynamicModule {
    return {
      module: RedemptionModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [
        CampaignsConsumer,
        CouponsConsumer,
        CouponsController,
        ErasureConsumer,
        RedemptionsController,
        ReservationsController,
        StoresController,
      ],
      providers: [
        CampaignsProjection,
        CouponLookup,
        CouponsProjection,
        CouponsService,
        RedeemService,
        RedemptionsService,
        ReservationsService,
        ReservedCodes,
        StoresService,
        ValidationsService,
        ZoneNames,
      ],
    };
  }
}
