import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { AccountsController } from './access/accounts/accounts.controller';
import { AccountsService } from './access/accounts/accounts.service';
import { ApiKeysController } from './access/api-keys/api-keys.controller';
import { ApiKeysService } from './access/api-keys/api-keys.service';
import { KeyVerifier } from './access/api-keys/key-verifier';
import { CallbacksController } from './api/callbacks/callbacks.controller';
import { CampaignsController } from './api/campaigns/campaigns.controller';
import type { ClaimSettings } from './pages/claims/claim-settings';
import { ClaimsModule } from './pages/claims/claims.module';
import { CodeImport } from './api/codes/code-import';
import { CodesController } from './api/codes/codes.controller';
import { ConsentsController } from './api/consents/consents.controller';
import { ContactsController } from './api/contacts/contacts.controller';
import { Erasures } from './api/contacts/erasures';
import { Exports } from './api/contacts/exports';
import { KnownNames } from './api/contacts/known-names';
import { CouponReader } from './api/coupons/coupon.reader';
import { CouponsController } from './api/coupons/coupons.controller';
import { DeliveryWait } from './api/coupons/delivery-wait';
import { RewardWait } from './api/loyalty/reward-wait';
import { IssueController } from './api/coupons/issue.controller';
import { DeadLettersController } from './api/dead-letters/dead-letters.controller';
import { DeliveriesController } from './api/deliveries/deliveries.controller';
import { DistributionsController } from './api/distributions/distributions.controller';
import { ListUpload } from './api/distributions/list-upload';
import { EventTypesController } from './api/events/event-types.controller';
import { EventsController } from './api/events/events.controller';
import { facadeControllers, facadeProviders } from './facades/facade.parts';
import {
  HealthController,
  MetricsController,
  READINESS,
  type Readiness,
} from './http/health/health.controller';
import { IdempotencyStore } from './access/idempotency/idempotency.store';
import { IdempotencySweeper } from './access/idempotency/idempotency.sweeper';
import { JobsController } from './api/jobs/jobs.controller';
import { loyaltyControllers } from './api/loyalty/loyalty.parts';
import { MessageCheck } from './api/messages/message-check';
import { MessagesController } from './api/messages/messages.controller';
import { GameController } from './pages/game/game.controller';
import { PagesModule } from './pages/pages.module';
import type { InboxAccess } from './pages/sandbox/inbox-access';
import { PUBLIC_URL } from './pages/pages.tokens';
import { RedeemController } from './api/redemptions/redeem.controller';
import { RedemptionsController } from './api/redemptions/redemptions.controller';
import { ReportsController } from './api/reports/reports.controller';
import { SpendController } from './api/reports/spend.controller';
import { ReservationsController } from './api/reservations/reservations.controller';
import { SandboxMessagesController } from './api/sandbox-messages/sandbox-messages.controller';
import { StoresController } from './api/stores/stores.controller';
import { SuppressionsController } from './api/suppressions/suppressions.controller';
import { TemplatesController } from './api/templates/templates.controller';
import { CodeGuesses } from './access/guessing/code-guesses';
import { GuessingReports } from './access/guessing/guessing-reports';
import { Till } from './api/redemptions/till';
import { TrackingController } from './pages/tracking/tracking.controller';
import { VisitsModule } from './pages/tracking/visits.module';
import { ValidationsController } from './api/validations/validations.controller';
import { WalletsModule } from './pages/wallets/wallets.module';
import { WebhookAttemptsController } from './api/webhooks/webhook-attempts.controller';
import { WebhooksController } from './api/webhooks/webhooks.controller';
import { RunsController } from './api/workflows/runs.controller';
import { WorkflowsController } from './api/workflows/workflows.controller';

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
