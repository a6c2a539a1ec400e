import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { PUBLIC_URL } from '../pages/pages.tokens';
import { TrackingController } from '../pages/tracking/tracking.controller';
import { VisitsModule } from '../pages/tracking/visits.module';
import { CallbacksController } from './callbacks/callbacks.controller';
import { CampaignsController } from './campaigns/campaigns.controller';
import { CodeImport } from './codes/code-import';
import { CodesController } from './codes/codes.controller';
import { ConsentsController } from './consents/consents.controller';
import { ContactsController } from './contacts/contacts.controller';
import { Erasures } from './contacts/erasures';
import { Exports } from './contacts/exports';
import { KnownNames } from './contacts/known-names';
import { CouponReader } from './coupons/coupon.reader';
import { CouponsController } from './coupons/coupons.controller';
import { DeliveryWait } from './coupons/delivery-wait';
import { IssueController } from './coupons/issue.controller';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { DeliveriesController } from './deliveries/deliveries.controller';
import { DistributionsController } from './distributions/distributions.controller';
import { ListUpload } from './distributions/list-upload';
import { EventTypesController } from './events/event-types.controller';
import { EventsController } from './events/events.controller';
import { JobsController } from './jobs/jobs.controller';
import { CardsController } from './loyalty/cards.controller';
import { EnrolmentsController } from './loyalty/enrolments.controller';
import { MembersController } from './loyalty/members.controller';
import { PointsController } from './loyalty/points.controller';
import { RewardWait } from './loyalty/reward-wait';
import { RewardsController } from './loyalty/rewards.controller';
import { MessageCheck } from './messages/message-check';
import { MessagesController } from './messages/messages.controller';
import { RedeemController } from './redemptions/redeem.controller';
import { RedemptionsController } from './redemptions/redemptions.controller';
import { Till } from './redemptions/till';
import { ReportsController } from './reports/reports.controller';
import { SpendController } from './reports/spend.controller';
import { ReservationsController } from './reservations/reservations.controller';
import { SandboxMessagesController } from './sandbox-messages/sandbox-messages.controller';
import { StoresController } from './stores/stores.controller';
import { SuppressionsController } from './suppressions/suppressions.controller';
import { TemplatesController } from './templates/templates.controller';
import { ValidationsController } from './validations/validations.controller';
import { WebhookAttemptsController } from './webhooks/webhook-attempts.controller';
import { WebhooksController } from './webhooks/webhooks.controller';
import { RunsController } from './workflows/runs.controller';
import { WorkflowsController } from './workflows/workflows.controller';

const services = [
  Till,
  CodeImport,
  ListUpload,
  CouponReader,
  DeliveryWait,
  RewardWait,
  MessageCheck,
  KnownNames,
  Exports,
  Erasures,
];

/** The table of contents of the native API (`/v1`): a folder a noun. */
@Module({})
export class ApiModule {
  static register(publicUrl: string): DynamicModule {
    return {
      module: ApiModule,
      imports: [AccessModule, VisitsModule],
      controllers: [
        CampaignsController,
        CodesController,
        DistributionsController,
        JobsController,
        IssueController,
        CouponsController,
        ValidationsController,
        RedeemController,
        RedemptionsController,
        ReservationsController,
        StoresController,
        TemplatesController,
        MessagesController,
        EventsController,
        EventTypesController,
        ContactsController,
        DeliveriesController,
        SuppressionsController,
        ConsentsController,
        CallbacksController,
        SandboxMessagesController,
        TrackingController,
        ReportsController,
        SpendController,
        WebhooksController,
        WebhookAttemptsController,
        DeadLettersController,
        WorkflowsController,
        RunsController,
        CardsController,
        MembersController,
        EnrolmentsController,
        PointsController,
        RewardsController,
      ],
      providers: [{ provide: PUBLIC_URL, useValue: publicUrl }, ...services],
      exports: services,
    };
  }
}
