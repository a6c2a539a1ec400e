import { Module, type DynamicModule } from '@nestjs/common';
import { CouponReader } from '../api/coupons/coupon.reader';
import { VisitsModule } from './tracking/visits.module';
import { CardController } from './card/card.controller';
import { CardLiveController } from './card/card-live.controller';
import { CardReader } from './card/card.reader';
import { LiveCards } from './card/live-cards';
import { BarcodeController } from './coupon/barcode.controller';
import { CouponPageController } from './coupon/coupon-page.controller';
import { CouponPageReader } from './coupon/coupon-page.reader';
import { LiveController } from './coupon/live.controller';
import { LiveCouponPages } from './coupon/live-coupon-pages';
import { LandingController } from './landing/landing.controller';
import { SourceController } from './landing/source.controller';
import { LivePlaces } from './live/live-places';
import { LIVE_LIMITS, liveLimits, PUBLIC_URL, SOURCE_URL, type LiveLimits } from './pages.tokens';
import { Inbox } from './sandbox/inbox';
import type { InboxAccess } from './sandbox/inbox-access';
import { sandboxControllers } from './sandbox/sandbox.controller';
import { UnsubscribeController } from './unsubscribe/unsubscribe.controller';
import { OfferedWallets } from './wallets/wallets-offered';
import { NoWallets, WalletLinks } from './wallet-links';

export interface PagesOptions {
  publicUrl: string;
  /** Where the source of this version is, when it is not the one that the build packed. */
  sourceUrl?: string;
  /** `key` (the default) needs the credentials hook. */
  sandboxInbox?: InboxAccess;
  live?: Partial<LiveLimits>;
  /** In place of what loyalty offers. */
  walletLinks?: WalletLinks;
}

/**
 * Everything a person opens in a browser: the coupon's face, the member's card, the way out, the sandbox inbox, the landing page. Needs the
 * global MessagingModule (CommandClient, Broadcasts, Outbox).
 */
@Module({})
export class PagesModule {
  static register(options: PagesOptions): DynamicModule {
    return {
      module: PagesModule,
      imports: [VisitsModule],
      controllers: [
        LandingController,
        SourceController,
        sandboxControllers[options.sandboxInbox ?? 'key'],
        CouponPageController,
        BarcodeController,
        LiveController,
        CardController,
        CardLiveController,
        UnsubscribeController,
      ],
      providers: [
        { provide: PUBLIC_URL, useValue: options.publicUrl.replace(/\/+$/, '') },
        { provide: SOURCE_URL, useValue: options.sourceUrl ?? null },
        { provide: LIVE_LIMITS, useValue: { ...liveLimits, ...options.live } },
        Inbox,
        CouponPageReader,
        LivePlaces,
        LiveCouponPages,
        CouponReader,
        CardReader,
        LiveCards,
        {
          provide: WalletLinks,
          useFactory: (offered?: OfferedWallets) => options.walletLinks ?? offered ?? new NoWallets(),
          inject: [{ token: OfferedWallets, optional: true }],
        },
      ],
    };
  }
}
