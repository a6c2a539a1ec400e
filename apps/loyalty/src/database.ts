import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';

/** Loyalty's schema, migrated. */
export const openLoyaltyDatabase = (url: string, poolSize?: number, logger?: Logger): Promise<DataSource> =>
  openDatabase({
    service: 'loyalty',
    url,
    entities: [...messagingEntities],
    migrations: [...messagingMigrations],
    poolSize,
    logger,
  });
