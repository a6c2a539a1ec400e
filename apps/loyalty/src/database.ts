import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CardEntity } from './cards/card.entity';
import { EarningEntity } from './earning/earning.entity';
import { EnrolmentEntity } from './enrolments/enrolment.entity';
import { EntryEntity } from './ledger/entry.entity';
import { LotEntity } from './ledger/lot.entity';
import { MemberEntity } from './members/member.entity';
import { Loyalty1700000001000 } from './migrations/0001-loyalty';
import { Wallets1700000002000 } from './migrations/0002-wallets';
import { RestingRewards1700000003000 } from './migrations/0003-resting-rewards';
import { PassPhones1700000004000 } from './migrations/0004-pass-phones';
import { Pictures1700000005000 } from './migrations/0005-pictures';
import { FoldedSearch1700000006000 } from './migrations/0006-folded-search';
import { OnePhoneOneMember1700000009000 } from './migrations/0009-one-phone-one-member';
import { walletEntities } from './passes/wallet.entities';
import { PictureEntity, PictureFileEntity, PictureUseEntity } from './pictures/picture.entity';
import { RewardIssueEntity } from './rewards/reward-issue.entity';

const entities = [
  CardEntity,
  EarningEntity,
  EnrolmentEntity,
  EntryEntity,
  LotEntity,
  MemberEntity,
  PictureEntity,
  PictureFileEntity,
  PictureUseEntity,
  RewardIssueEntity,
];

/** Loyalty's schema, migrated. */
export const openLoyaltyDatabase = (url: string, poolSize?: number, logger?: Logger): Promise<DataSource> =>
  openDatabase({
    service: 'loyalty',
    url,
    entities: [...messagingEntities, ...entities, ...walletEntities],
    migrations: [
      ...messagingMigrations,
      Loyalty1700000001000,
      Wallets1700000002000,
      RestingRewards1700000003000,
      PassPhones1700000004000,
      Pictures1700000005000,
      FoldedSearch1700000006000,
      OnePhoneOneMember1700000009000,
    ],
    poolSize,
    logger,
  });
