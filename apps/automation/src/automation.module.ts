import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { Clock, DatabaseModule, portsOf } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { ContactsController } from './contacts/contacts.controller';
import { ContactsService } from './contacts/contacts.service';
import type { Environment } from './env';
import { EventCounts } from './events/event-counts';
import { EventRetention } from './events/event-retention';
import { EventTypesService } from './events/event-types.service';
import { EventsController } from './events/events.controller';
import { EventsService } from './events/events.service';
import { DomainEventListeners, type DomainEventListener } from './domain-events/domain-event';
import { DomainEventsConsumer } from './domain-events/domain-events.consumer';
import { HttpCaller } from './outbound/http-caller';
import { PeopleController } from './people/people.controller';
import { PeopleService } from './people/people.service';
import { PersonDataOwners, type PersonDataOwner } from './people/person-data';
import { Engine } from './runs/engine';
import { People } from './runs/people';
import { RunPersonData } from './runs/run-person-data';
import { RunRetention } from './runs/run-retention';
import { RunStore } from './runs/run.store';
import { RunsConsumer } from './runs/runs.consumer';
import { RunsController } from './runs/runs.controller';
import { RunsService } from './runs/runs.service';
import { Starter } from './runs/starter';
import { RunSweeper } from './runs/sweeper';
import { Effects } from './steps/effects';
import { Waits } from './waits/waits';
import { scheduleOf } from './webhooks/retry-schedule';
import { WebhookPersonData } from './webhooks/webhook-person-data';
import { WebhookAttempts } from './webhooks/webhook-attempts.service';
import { WebhookDueConsumer } from './webhooks/webhook-due.consumer';
import { WebhookLanes } from './webhooks/webhook-lanes';
import { WebhookSending, WebhookSettings } from './webhooks/webhook-sending';
import { WebhookListener } from './webhooks/webhook.listener';
import { WebhookSweeper } from './webhooks/webhook.sweeper';
import { WebhooksController } from './webhooks/webhooks.controller';
import { WebhooksService } from './webhooks/webhooks.service';
import { SubscriptionCache } from './workflows/workflow-subscriptions';
import { Owners } from './workflows/owners';
import { Plans } from './workflows/plans';
import { WorkflowsController } from './workflows/workflows.controller';
import { WorkflowsService } from './workflows/workflows.service';

const events: Provider[] = [
  ContactsService,
  EventsService,
  EventTypesService,
  EventCounts,
  EventRetention,
  PeopleService,
];

const workflows: Provider[] = [
  Effects,
  Engine,
  SubscriptionCache,
  Owners,
  People,
  Plans,
  RunPersonData,
  RunsService,
  RunStore,
  RunSweeper,
  Starter,
  Waits,
  WorkflowsService,
];

const webhooks: Provider[] = [
  WebhookPersonData,
  WebhookAttempts,
  WebhookLanes,
  WebhookListener,
  WebhookSending,
  WebhooksService,
  WebhookSweeper,
];

@Module({})
export class AutomationModule {
  static register({
    dataSource,
    messaging,
    clock,
    env,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
    clock: Clock;
    env: Environment;
  }): DynamicModule {
    return {
      module: AutomationModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [
        DomainEventsConsumer,
        EventsController,
        ContactsController,
        PeopleController,
        RunsConsumer,
        RunsController,
        WorkflowsController,
        WebhookDueConsumer,
        WebhooksController,
      ],
      providers: [
        { provide: Clock, useValue: clock },
        ...events,
        ...workflows,
        ...webhooks,
        {
          provide: DomainEventListeners,
          inject: [Starter, WebhookListener],
          useFactory: (...listeners: DomainEventListener[]) => listeners,
        },
        {
          provide: PersonDataOwners,
          inject: [RunPersonData, WebhookPersonData],
          useFactory: (...keepers: PersonDataOwner[]) => keepers,
        },
        {
          provide: WebhookSettings,
          useValue: {
            schedule: scheduleOf(env.WEBHOOK_RETRY_SECONDS),
            leaseMs: env.WEBHOOK_TIMEOUT_MS + env.WEBHOOK_LEASE_MS,
            sweepMs: env.WEBHOOK_SWEEP_MS,
          } satisfies WebhookSettings,
        },
        {
          provide: RunRetention,
          useFactory: () => new RunRetention(dataSource, env.RUN_RETENTION_DAYS),
        },
        {
          provide: HttpCaller,
          useFactory: () =>
            new HttpCaller({
              allowPrivate: env.WEBHOOK_ALLOW_PRIVATE,
              ports: portsOf(env.WEBHOOK_PORTS),
              timeoutMs: env.WEBHOOK_TIMEOUT_MS,
            }),
        },
      ],
    };
  }
}
