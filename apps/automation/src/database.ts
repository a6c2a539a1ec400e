import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { ContactEntity } from './contacts/contact.entity';
import { EventEntity, EventKeyEntity, EventTypeEntity } from './events/event.entity';
import { Events1790000000002 } from './migrations/0002-events';
import { Workflows1700000007001 } from './migrations/0001-workflows';
import { RunEntity, RunStepEntity } from './runs/run.entity';
import { RunWaitEntity, SightingEntity } from './waits/wait.entities';
import { ListeningEntity } from './workflows/listening.entity';
import { WorkflowVersionEntity } from './workflows/workflow-version.entity';
import { WorkflowEntity } from './workflows/workflow.entity';
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
    entities: [...messagingEntities, ContactEntity, EventEntity, EventKeyEntity, EventTypeEntity],
    migrations: [...messagingMigrations, Events1790000000002],
    entities: [
      ...messagingEntities,
      ListeningEntity,
      WorkflowEntity,
      WorkflowVersionEntity,
      RunEntity,
      RunStepEntity,
      RunWaitEntity,
      SightingEntity,
    ],
    migrations: [...messagingMigrations, Workflows1700000007001],
    entities: [...messagingEntities, WebhookEntity, WebhookAttemptEntity],
    migrations: [...messagingMigrations, Webhooks1780000000003],
    poolSize,
    logger,
  });
