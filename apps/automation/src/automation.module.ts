import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import type { Environment } from './env';
import { HappeningListeners, type HappeningListener } from './happenings/happening';
import { HappeningsConsumer } from './happenings/happenings.consumer';
import { HttpCaller } from './outbound/http-caller';
import { scheduleOf } from './webhooks/retry-schedule';
import { WebhookAttempts } from './webhooks/webhook-attempts.service';
import { WebhookDueConsumer } from './webhooks/webhook-due.consumer';
import { WebhookLanes } from './webhooks/webhook-lanes';
import { WebhookListener } from './webhooks/webhook.listener';
import { WebhookSending, WebhookSettings } from './webhooks/webhook-sending';
import { WebhookSweeper } from './webhooks/webhook.sweeper';
import { WebhooksController } from './webhooks/webhooks.controller';
import { WebhooksService } from './webhooks/webhooks.service';

@Module({})
export class AutomationModule {
  static register({
    dataSource,
    messaging,
    env,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
    env: Environment;
  }): DynamicModule {
    return {
      module: AutomationModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [HappeningsConsumer, WebhookDueConsumer, WebhooksController],
      providers: [
        {
          provide: HappeningListeners,
          useFactory: (webhooks: WebhookListener): HappeningListener[] => [webhooks],
          inject: [WebhookListener],
        },
        WebhookAttempts,
        WebhookLanes,
        WebhookListener,
        WebhookSending,
        WebhooksService,
        WebhookSweeper,
        {
          provide: WebhookSettings,
          useValue: {
            schedule: scheduleOf(env.WEBHOOK_RETRY_SECONDS),
            leaseMs: env.WEBHOOK_TIMEOUT_MS + env.WEBHOOK_LEASE_MS,
            sweepMs: env.WEBHOOK_SWEEP_MS,
          } satisfies WebhookSettings,
        },
        {
          provide: HttpCaller,
          useFactory: () =>
            new HttpCaller({
              allowPrivate: env.WEBHOOK_ALLOW_PRIVATE,
              timeoutMs: env.WEBHOOK_TIMEOUT_MS,
            }),
        },
      ],
    };
  }
}
