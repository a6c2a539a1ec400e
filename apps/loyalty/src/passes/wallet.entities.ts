import { DevelopmentCertificateEntity } from '../apple/development-certificate.entity';
import { GoogleMessageEntity } from '../google/google-message.entity';
import { WalletPushJobEntity } from '../push/wallet-push-job.entity';
import { WalletEntity, WalletPassEntity } from '../push/wallet.entity';
import { PassNameEntity } from './pass-name.entity';
import { PassEntity } from './pass.entity';

export const walletEntities = [
  PassEntity,
  PassNameEntity,
  WalletEntity,
  WalletPassEntity,
  WalletPushJobEntity,
  GoogleMessageEntity,
  DevelopmentCertificateEntity,
];
