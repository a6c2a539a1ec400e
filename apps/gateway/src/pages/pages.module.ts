import { Module, type DynamicModule } from '@nestjs/common';
import { BarcodeController } from './face/barcode.controller';
import { FaceController } from './face/face.controller';
import { FaceReader } from './face/face.reader';
import { LiveController } from './face/live.controller';
import { LiveFaces } from './face/live-faces';
import { LandingController } from './landing/landing.controller';
import { LIVE_LIMITS, liveLimits, PUBLIC_URL, type LiveLimits } from './pages.tokens';
import { SandboxController } from './sandbox/sandbox.controller';

/**
 * Everything a person opens in a browser: the coupon's face, the sandbox inbox, the landing page. Needs the
 * global MessagingModule (CommandClient, Broadcasts).
 */
@Module({})
export class PagesModule {
  static register(options: { publicUrl: string; live?: Partial<LiveLimits> }): DynamicModule {
    return {
      module: PagesModule,
      controllers: [LandingController, SandboxController, FaceController, BarcodeController, LiveController],
      providers: [
        { provide: PUBLIC_URL, useValue: options.publicUrl.replace(/\/+$/, '') },
        { provide: LIVE_LIMITS, useValue: { ...liveLimits, ...options.live } },
        FaceReader,
        LiveFaces,
      ],
    };
  }
}
