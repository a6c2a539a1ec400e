import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { HappeningListeners, type HappeningListener } from './happenings/happening';
import { HappeningsConsumer } from './happenings/happenings.consumer';

@Module({})
export class AutomationModule {
  static register({
    dataSource,
    messaging,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
  }): DynamicModule {
    return {
      module: AutomationModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [HappeningsConsumer],
      providers: [{ provide: HappeningListeners, useFactory: (): HappeningListener[] => [] }],
    };
  }
}
