import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { Clock } from './clock';
import { HappeningListeners, type HappeningListener } from './happenings/happening';
import { HappeningsConsumer } from './happenings/happenings.consumer';

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
  }): DynamicModule {
    return {
      module: AutomationModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [HappeningsConsumer],
      providers: [
        { provide: Clock, useValue: clock },
        {
          provide: HappeningListeners,
          inject: [],
          useFactory: (...listeners: HappeningListener[]) => listeners,
        },
      ],
    };
  }
}
