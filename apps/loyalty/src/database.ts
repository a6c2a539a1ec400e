import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { Wallets1700000200000 } from './migrations/0002-wallets';
import { walletEntities } from './passes/wallet.entities';

/** Loyalty's schema, migrated. */
export const openLoyaltyDatabase = (url: string, poolSize?: number, logger?: Logger): Promise<DataSource> =>
  openDatabase({
    service: 'loyalty',
    url,
    entities: [...messagingEntities, ...walletEntities],
    migrations: [...messagingMigrations, Wallets1700000200000],
    poolSize,
    logger,
  });
