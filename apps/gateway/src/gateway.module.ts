import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { AccountsController } from './accounts/accounts.controller';
import { AccountsService } from './accounts/accounts.service';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { ApiKeysService } from './api-keys/api-keys.service';
import { KeyVerifier } from './api-keys/key-verifier';
import { CallbacksController } from './callbacks/callbacks.controller';
import { CampaignsController } from './campaigns/campaigns.controller';
import type { ClaimSettings } from './claims/claim-settings';
import { ClaimsModule } from './claims/claims.module';
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
import { RewardWait } from './loyalty/reward-wait';
import { IssueController } from './coupons/issue.controller';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { DeliveriesController } from './deliveries/deliveries.controller';
import { DistributionsController } from './distributions/distributions.controller';
import { ListUpload } from './distributions/list-upload';
import { EventTypesController } from './events/event-types.controller';
import { EventsController } from './events/events.controller';
import { facadeControllers, facadeProviders } from './facades/facade.parts';
import { HealthController, MetricsController, READINESS, type Readiness } from './health/health.controller';
import { IdempotencyStore } from './idempotency/idempotency.store';
import { IdempotencySweeper } from './idempotency/idempotency.sweeper';
import { JobsController } from './jobs/jobs.controller';
import { loyaltyControllers } from './loyalty/loyalty.parts';
import { MessageCheck } from './messages/message-check';
import { MessagesController } from './messages/messages.controller';
import { GameController } from './pages/game/game.controller';
import { PagesModule } from './pages/pages.module';
import type { InboxAccess } from './pages/sandbox/inbox-access';
import { PUBLIC_URL } from './pages/pages.tokens';
import { RedeemController } from './redemptions/redeem.controller';
import { RedemptionsController } from './redemptions/redemptions.controller';
import { ReportsController } from './reports/reports.controller';
import { SpendController } from './reports/spend.controller';
import { ReservationsController } from './reservations/reservations.controller';
import { SandboxMessagesController } from './sandbox-messages/sandbox-messages.controller';
import { StoresController } from './stores/stores.controller';
import { SuppressionsController } from './suppressions/suppressions.controller';
import { TemplatesController } from './templates/templates.controller';
import { CodeGuesses } from './till/code-guesses';
import { GuessingReports } from './till/guessing-reports';
import { Till } from './till/till';
import { TrackingController } from './tracking/tracking.controller';
import { VisitsModule } from './tracking/visits.module';
import { ValidationsController } from './validations/validations.controller';
import { WalletsModule } from './wallets/wallets.module';
import { WebhookAttemptsController } from './webhooks/webhook-attempts.controller';
import { WebhooksController } from './webhooks/webhooks.controller';
import { RunsController } from './workflows/runs.controller';
import { WorkflowsController } from './workflows/workflows.controller';

export interface GatewayParts {
  dataSource: DataSource;
  messaging: Messaging;
  publicUrl: string;
  sourceUrl?: string;
  readiness: Readiness;
  /** Whether `/metrics` is on the public port too. */
  publicMetrics: boolean;
  sandboxInbox: InboxAccess;
  claims: ClaimSettings;
}

/** The table of contents: what the public API can do. */
@Module({})
export class GatewayModule {
  static register({
    dataSource,
    messaging,
    publicUrl,
    sourceUrl,
    readiness,
    publicMetrics,
    sandboxInbox,
    claims,
  }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        DatabaseModule.forRoot(dataSource),
        MessagingModule.forRoot(messaging, { rpc: false }),
        VisitsModule,
        PagesModule.register({ publicUrl, sourceUrl, sandboxInbox }),
        ClaimsModule.register({ publicUrl, settings: claims }),
        WalletsModule.register(publicUrl),
      ],
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
        ApiKeysController,
        AccountsController,
        DeadLettersController,
        WorkflowsController,
        RunsController,
        GameController,
        ...loyaltyControllers,
        ...facadeControllers,
        HealthController,
        ...(publicMetrics ? [MetricsController] : []),
      ],
      providers: [
        { provide: PUBLIC_URL, useValue: publicUrl },
        { provide: READINESS, useValue: readiness },
        KeyVerifier,
        ApiKeysService,
        AccountsService,
        IdempotencyStore,
        IdempotencySweeper,
        Till,
        CodeGuesses,
        GuessingReports,
        CodeImport,
        ListUpload,
        CouponReader,
        DeliveryWait,
        RewardWait,
        MessageCheck,
        KnownNames,
        Exports,
        Erasures,
        ...facadeProviders,
      ],
    };
  }
}
