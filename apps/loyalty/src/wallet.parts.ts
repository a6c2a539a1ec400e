import type { Provider, Type } from '@nestjs/common';
import { AddressGuard } from '@tearoff/service-kit';
import { ApnsSender } from './apple/apns.sender';
import { AppleController } from './apple/apple.controller';
import { Certificates } from './apple/certificates';
import { DevicesService } from './apple/devices.service';
import { PassPictures } from './apple/pass.pictures';
import { PkpassWriter } from './apple/pkpass.writer';
import { GoogleMessages } from './google/google-messages';
import { GoogleController } from './google/google.controller';
import { GooglePasses } from './google/google.passes';
import { GoogleSender } from './google/google.sender';
import { CouponReader } from './passes/coupon.reader';
import { Erasure } from './passes/erasure';
import { AskedMemberships, Memberships } from './passes/memberships';
import { PassChanges } from './passes/pass-changes';
import { PassesConsumer } from './passes/passes.consumer';
import { PassesService } from './passes/passes.service';
import { PictureClaims } from './pictures/picture.claims';
import { PictureEraser } from './pictures/picture.eraser';
import { PictureFetcher } from './pictures/picture.fetcher';
import { PictureSettings } from './pictures/picture.settings';
import { PictureSweeper } from './pictures/picture.sweeper';
import { PicturesService } from './pictures/pictures.service';
import { CouponPush } from './push/coupon-push.service';
import { PushConsumer } from './push/push.consumer';
import { WalletClaims } from './push/wallet-claims';
import { WalletPushJobs } from './push/wallet-push-jobs.service';
import { WalletsController } from './push/wallets.controller';

/** What of the module is about wallets; needs `WalletSettings` and `PictureSettings`. */
export const walletControllers: Type[] = [
  AppleController,
  GoogleController,
  PassesConsumer,
  PushConsumer,
  WalletsController,
];

export const walletProviders: Provider[] = [
  ApnsSender,
  Certificates,
  CouponPush,
  CouponReader,
  DevicesService,
  Erasure,
  GoogleMessages,
  GooglePasses,
  GoogleSender,
  { provide: Memberships, useClass: AskedMemberships },
  PassChanges,
  PassesService,
  PassPictures,
  PictureClaims,
  PictureEraser,
  {
    provide: PictureFetcher,
    inject: [PictureSettings],
    useFactory: (settings: PictureSettings) =>
      new PictureFetcher(AddressGuard.from(settings), settings.timeoutMs),
  },
  PicturesService,
  PictureSweeper,
  PkpassWriter,
  WalletClaims,
  WalletPushJobs,
];
