import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { walletControllers, walletProviders } from './wallet.parts';
import { WalletSettings } from './wallet.settings';

@Module({})
export class LoyaltyModule {
  static register({
    dataSource,
    messaging,
    wallets,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
    wallets: WalletSettings;
  }): DynamicModule {
    return {
      module: LoyaltyModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [...walletControllers],
      providers: [{ provide: WalletSettings, useValue: wallets }, ...walletProviders],
    };
  }
}
