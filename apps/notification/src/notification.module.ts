import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CallbacksController } from './callbacks/callbacks.controller';
import { StatusesService } from './callbacks/statuses.service';
import { VonageSignatures } from './callbacks/vonage.signatures';
import { CampaignsConsumer } from './campaigns/campaigns.consumer';
import { CampaignsService } from './campaigns/campaigns.service';
import { ConsentsController } from './consents/consents.controller';
import { ConsentsService } from './consents/consents.service';
import { DeliveriesConsumer } from './deliveries/deliveries.consumer';
import { DeliveriesController } from './deliveries/deliveries.controller';
import { DeliveriesService } from './deliveries/deliveries.service';
import type { NotificationEnv } from './env';
import { KeywordsService } from './keywords/keywords.service';
import { MessagesController } from './messages/messages.controller';
import { CouponMessages } from './messages/coupon.messages';
import { MessagesService } from './messages/messages.service';
import { TemplateMessages } from './messages/template.messages';
import { NoticesController } from './notices/notices.controller';
import { NoticesService } from './notices/notices.service';
import { Erasing } from './people/erasing';
import { Exports } from './people/exports';
import { PeopleController } from './people/people.controller';
import { Providers } from './providers/providers';
import { ProvidersController } from './providers/providers.controller';
import { Renderer } from './rendering/renderer';
import { SandboxController } from './sandbox/sandbox.controller';
import { Dispatchers } from './sending/dispatchers';
import { DueConsumer } from './sending/due.consumer';
import { Settings } from './settings';
import { OptOuts } from './suppressions/opt-outs';
import { SuppressionsController } from './suppressions/suppressions.controller';
import { SuppressionsService } from './suppressions/suppressions.service';
import { PreviewsService } from './templates/previews.service';
import { TemplatesController } from './templates/templates.controller';
import { TemplatesService } from './templates/templates.service';
import { UnsubscribeLinks } from './unsubscribe/unsubscribe-links';
import { UnsubscribeController } from './unsubscribe/unsubscribe.controller';

export interface NotificationParts {
  dataSource: DataSource;
  messaging: Messaging;
  providers: Providers;
  dispatchers: Dispatchers;
  links: UnsubscribeLinks;
  renderer: Renderer;
  env: NotificationEnv;
}

/** Everything the service can do; which of it a process does is decided by what its messaging consumes. */
@Module({})
export class NotificationModule {
  static register({
    dataSource,
    messaging,
    providers,
    dispatchers,
    links,
    renderer,
    env,
  }: NotificationParts): DynamicModule {
    return {
      module: NotificationModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [
        CallbacksController,
        CampaignsConsumer,
        ConsentsController,
        DeliveriesConsumer,
        DeliveriesController,
        DueConsumer,
        MessagesController,
        NoticesController,
        PeopleController,
        ProvidersController,
        SandboxController,
        SuppressionsController,
        TemplatesController,
        UnsubscribeController,
      ],
      providers: [
        CampaignsService,
        ConsentsService,
        DeliveriesService,
        Erasing,
        Exports,
        KeywordsService,
        CouponMessages,
        MessagesService,
        NoticesService,
        OptOuts,
        PreviewsService,
        StatusesService,
        SuppressionsService,
        TemplateMessages,
        TemplatesService,
        { provide: Renderer, useValue: renderer },
        { provide: Providers, useValue: providers },
        { provide: Dispatchers, useValue: dispatchers },
        { provide: UnsubscribeLinks, useValue: links },
        {
          provide: VonageSignatures,
          useValue: VonageSignatures.parse(env.VONAGE_SIGNATURE_SECRETS, env.VONAGE_SIGNATURE_METHOD),
        },
        {
          provide: Settings,
          useValue: new Settings(env.PUBLIC_URL, env.SMS_STOP_TEXT, env.SMS_HELP_TEXT),
        },
      ],
    };
  }
}
