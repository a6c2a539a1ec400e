import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CampaignsConsumer } from './campaigns/campaigns.consumer';
import { CampaignsService } from './campaigns/campaigns.service';
import { DeliveriesConsumer } from './deliveries/deliveries.consumer';
import { DeliveriesController } from './deliveries/deliveries.controller';
import { DeliveriesService } from './deliveries/deliveries.service';
import type { NotificationEnv } from './env';
import { MessagesController } from './messages/messages.controller';
import { Providers } from './providers/providers';
import { SandboxController } from './sandbox/sandbox.controller';
import { Dispatchers } from './sending/dispatchers';
import { DueConsumer } from './sending/due.consumer';
import { Settings } from './settings';
import { SuppressionsController } from './suppressions/suppressions.controller';
import { SuppressionsService } from './suppressions/suppressions.service';

export interface NotificationParts {
  dataSource: DataSource;
  messaging: Messaging;
  providers: Providers;
  dispatchers: Dispatchers;
  env: NotificationEnv;
}

/** Everything the service can do; which of it a process does is decided by what its messaging consumes. */
@Module({})
export class NotificationModule {
  static register({ dataSource, messaging, providers, dispatchers, env }: NotificationParts): DynamicModule {
    return {
      module: NotificationModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [
        CampaignsConsumer,
        DeliveriesConsumer,
        DeliveriesController,
        DueConsumer,
        MessagesController,
        SandboxController,
        SuppressionsController,
      ],
      providers: [
        CampaignsService,
        DeliveriesService,
        SuppressionsService,
        { provide: Providers, useValue: providers },
        { provide: Dispatchers, useValue: dispatchers },
        { provide: Settings, useValue: new Settings(env.PUBLIC_URL) },
      ],
    };
  }
}
