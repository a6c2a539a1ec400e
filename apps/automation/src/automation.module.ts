import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { ContactsController } from './contacts/contacts.controller';
import { ContactsService } from './contacts/contacts.service';
import { EventCounts } from './events/event-counts';
import { EventRetention } from './events/event-retention';
import { EventTypesService } from './events/event-types.service';
import { EventsController } from './events/events.controller';
import { EventsService } from './events/events.service';
import { HappeningListeners, type HappeningListener } from './happenings/happening';
import { HappeningsConsumer } from './happenings/happenings.consumer';
import { PeopleController } from './people/people.controller';
import { PeopleService } from './people/people.service';
import { PersonKeepers, type PersonKeeper } from './people/person-keeper';
import { Clock } from './clock';
import { HttpCaller } from './outbound/http-caller';
import { Engine } from './runs/engine';
import { People } from './runs/people';
import { RunStore } from './runs/run.store';
import { RunsConsumer } from './runs/runs.consumer';
import { RunsController } from './runs/runs.controller';
import { RunsService } from './runs/runs.service';
import { Starter } from './runs/starter';
import { RunSweeper } from './runs/sweeper';
import { Effects } from './steps/effects';
import { Waits } from './waits/waits';
import { Listening } from './workflows/listening';
import { Owners } from './workflows/owners';
import { Plans } from './workflows/plans';
import { WorkflowsController } from './workflows/workflows.controller';
import { WorkflowsService } from './workflows/workflows.service';
import type { Environment } from './env';
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
    clock,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
    clock: Clock;
    env,
    env: Environment;
  }): DynamicModule {
    return {
      module: AutomationModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [HappeningsConsumer, EventsController, ContactsController, PeopleController],
      providers: [
        ContactsService,
        EventsService,
        EventTypesService,
        EventCounts,
        EventRetention,
        PeopleService,
        { provide: HappeningListeners, useFactory: (): HappeningListener[] => [] },
        { provide: PersonKeepers, useFactory: (): PersonKeeper[] => [] },
      controllers: [HappeningsConsumer, RunsConsumer, RunsController, WorkflowsController],
        { provide: Clock, useValue: clock },
        Effects,
        Engine,
        HttpCaller,
        Listening,
        Owners,
        People,
        Plans,
        RunsService,
        RunStore,
        RunSweeper,
        Starter,
        Waits,
        WorkflowsService,
        {
          provide: HappeningListeners,
          inject: [Starter],
          useFactory: (...listeners: HappeningListener[]) => listeners,
      controllers: [HappeningsConsumer, WebhookDueConsumer, WebhooksController],
          useFactory: (webhooks: WebhookListener): HappeningListener[] => [webhooks],
          inject: [WebhookListener],
        },
        WebhookAttempts,
        WebhookLanes,
        WebhookListener,
        WebhookSending,
        WebhooksService,
        WebhookSweeper,
          provide: WebhookSettings,
          useValue: {
            schedule: scheduleOf(env.WEBHOOK_RETRY_SECONDS),
            leaseMs: env.WEBHOOK_TIMEOUT_MS + env.WEBHOOK_LEASE_MS,
            sweepMs: env.WEBHOOK_SWEEP_MS,
          } satisfies WebhookSettings,
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
