import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { Webhooks1780000000003 } from './migrations/0003-webhooks';
import { WebhookAttemptEntity } from './webhooks/webhook-attempt.entity';
import { WebhookEntity } from './webhooks/webhook.entity';

/** Automation's schema, migrated. */
export const openAutomationDatabase = (
  url: string,
  poolSize?: number,
  logger?: Logger,
): Promise<DataSource> =>
  openDatabase({
    service: 'automation',
    url,
    entities: [...messagingEntities, WebhookEntity, WebhookAttemptEntity],
    migrations: [...messagingMigrations, Webhooks1780000000003],
    poolSize,
    logger,
  });
