import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import type { Environment } from './env';
import { HappeningListeners, type HappeningListener } from './happenings/happening';
import { HappeningsConsumer } from './happenings/happenings.consumer';
import { HttpCaller } from './outbound/http-caller';

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
      controllers: [HappeningsConsumer],
      providers: [
        { provide: HappeningListeners, useFactory: (): HappeningListener[] => [] },
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
