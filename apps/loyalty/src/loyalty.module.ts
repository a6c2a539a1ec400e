import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';

@Module({})
export class LoyaltyModule {
  static register({
    dataSource,
    messaging,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
  }): DynamicModule {
    return {
      module: LoyaltyModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [],
      providers: [],
    };
  }
}
