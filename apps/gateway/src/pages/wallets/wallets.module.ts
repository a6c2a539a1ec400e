import { Module, type DynamicModule } from '@nestjs/common';
import { PUBLIC_URL } from '../pages.tokens';
import { AppleWebServiceController } from './apple-web-service.controller';
import { CardWalletsController } from './card-wallets.controller';
import { LogoController } from './logo.controller';
import { PagePassesController } from './page-passes.controller';
import { WalletLimits } from './wallet-limits';
import { OfferedWallets } from './wallets-offered';

/** Passes for phones: given out, kept up to date, and told about. Gives the pages `OfferedWallets`. */
@Module({})
export class WalletsModule {
  static register(publicUrl: string): DynamicModule {
    return {
      module: WalletsModule,
      global: true,
      controllers: [AppleWebServiceController, CardWalletsController, LogoController, PagePassesController],
      providers: [{ provide: PUBLIC_URL, useValue: publicUrl }, WalletLimits, OfferedWallets],
      exports: [OfferedWallets],
    };
  }
}
