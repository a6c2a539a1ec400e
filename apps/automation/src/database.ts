import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';

/** Automation's schema, migrated. */
export const openAutomationDatabase = (
  url: string,
  poolSize?: number,
  logger?: Logger,
): Promise<DataSource> =>
  openDatabase({
    service: 'automation',
    url,
    entities: [...messagingEntities],
    migrations: [...messagingMigrations],
    poolSize,
    logger,
  });
