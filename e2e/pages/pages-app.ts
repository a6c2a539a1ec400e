import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Broadcasts, CommandClient, Outbox } from '@tearoff/messaging';
import { registerCompression } from '../../apps/gateway/src/http/server/compression';
import { registerPromptClose } from '../../apps/gateway/src/http/server/prompt-close';
import { expectNothingEmpty } from '../../apps/gateway/src/pages/test/sound-html';
import { PagesModule } from '../../apps/gateway/src/pages/pages.module';
import type { LiveLimits } from '../../apps/gateway/src/pages/pages.tokens';
import type { WalletLinks } from '../../apps/gateway/src/pages/wallet-links';
import { StandInServices } from './stand-in-services';

@Module({})
class StandInMessaging {
  static of(services: StandInServices): DynamicModule {
    return {
      module: StandInMessaging,
      global: true,
      providers: [
        { provide: CommandClient, useValue: services },
        { provide: Broadcasts, useValue: services.broadcasts },
        { provide: Outbox, useValue: services.outbox },
      ],
      exports: [CommandClient, Broadcasts, Outbox],
    };
  }
}

@Module({})
class PagesAlone {}

export interface PagesApp {
  url: string;
  services: StandInServices;
  close(): Promise<void>;
}

/** The gateway's pages on a port of their own, with stand-ins for the services behind them. */
export async function startPages(
  live: Partial<LiveLimits> = {},
  walletLinks?: WalletLinks,
): Promise<PagesApp> {
  const services = new StandInServices();
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: PagesAlone,
      imports: [
        StandInMessaging.of(services),
        PagesModule.register({
          publicUrl: 'https://coupons.example/',
          sourceUrl: 'https://source.example/',
          live,
          sandboxInbox: 'open',
          walletLinks,
        }),
      ],
    },
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  const server = app.getHttpAdapter().getInstance();
  registerPromptClose(server);
  registerCompression(server);
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (String(reply.getHeader('content-type')).startsWith('text/html')) expectNothingEmpty(String(payload));
    done();
  });
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), services, close: () => app.close() };
}
