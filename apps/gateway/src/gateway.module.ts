import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { AccessModule } from './access/access.module';
import { ApiModule } from './api/api.module';
import { FacadesModule } from './facades/facades.module';
import {
  HealthController,
  MetricsController,
  READINESS,
  type Readiness,
} from './http/health/health.controller';
import type { ClaimSettings } from './pages/claims/claim-settings';
import { ClaimsModule } from './pages/claims/claims.module';
import { PagesModule } from './pages/pages.module';
import type { InboxAccess } from './pages/sandbox/inbox-access';
import { WalletsModule } from './pages/wallets/wallets.module';

export interface GatewayParts {
  dataSource: DataSource;
  messaging: Messaging;
  publicUrl: string;
  sourceUrl?: string;
  readiness: Readiness;
  /** Whether `/metrics` is on the public port too. */
  publicMetrics: boolean;
  sandboxInbox: InboxAccess;
  claims: ClaimSettings;
}

/** Everything behind the public port: a module a room. */
@Module({})
export class GatewayModule {
  static register({
    dataSource,
    messaging,
    publicUrl,
    sourceUrl,
    readiness,
    publicMetrics,
    sandboxInbox,
    claims,
  }: GatewayParts): DynamicModule {
    // One instance for both importers: Nest tells dynamic modules apart by reference.
    const api = ApiModule.register(publicUrl);
    return {
      module: GatewayModule,
      imports: [
        DatabaseModule.forRoot(dataSource),
        MessagingModule.forRoot(messaging, { rpc: false }),
        AccessModule,
        api,
        FacadesModule.register(publicUrl, api),
        PagesModule.register({ publicUrl, sourceUrl, sandboxInbox }),
        ClaimsModule.register({ publicUrl, settings: claims }),
        WalletsModule.register(publicUrl),
      ],
      controllers: [HealthController, ...(publicMetrics ? [MetricsController] : [])],
      providers: [{ provide: READINESS, useValue: readiness }],
    };
  }
}
