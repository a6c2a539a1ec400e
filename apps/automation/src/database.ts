import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { ContactEntity } from './contacts/contact.entity';
import { EventEntity, EventKeyEntity, EventTypeEntity } from './events/event.entity';
import { Events1790000000002 } from './migrations/0002-events';

/** Automation's schema, migrated. */
export const openAutomationDatabase = (
  url: string,
  poolSize?: number,
  logger?: Logger,
): Promise<DataSource> =>
  openDatabase({
    service: 'automation',
    url,
    entities: [...messagingEntities, ContactEntity, EventEntity, EventKeyEntity, EventTypeEntity],
    migrations: [...messagingMigrations, Events1790000000002],
    poolSize,
    logger,
  });
