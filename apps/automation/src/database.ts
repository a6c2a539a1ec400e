import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { openDatabase, type Logger } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { ContactEntity } from './contacts/contact.entity';
import { EventEntity, EventKeyEntity, EventTypeEntity } from './events/event.entity';
import { Workflows1700000001000 } from './migrations/0001-workflows';
import { Events1700000002000 } from './migrations/0002-events';
import { Webhooks1700000003000 } from './migrations/0003-webhooks';
import { RunsThatEnd1700000004000 } from './migrations/0004-runs-that-end';
import { OnePhoneOneContact1700000009000 } from './migrations/0009-one-phone-one-contact';
import { RunEntity, RunKeyEntity, RunStepEntity } from './runs/run.entity';
import { RunWaitEntity, SeenEventEntity } from './waits/wait.entities';
import { WebhookAttemptEntity } from './webhooks/webhook-attempt.entity';
import { WebhookEntity } from './webhooks/webhook.entity';
import { SubscriptionVersionEntity } from './workflows/subscription-version.entity';
import { WorkflowVersionEntity } from './workflows/workflow-version.entity';
import { WorkflowEntity } from './workflows/workflow.entity';

/** Automation's schema, migrated. */
export const openAutomationDatabase = (
  url: string,
  poolSize?: number,
  logger?: Logger,
): Promise<DataSource> =>
  openDatabase({
    service: 'automation',
    url,
    entities: [
      ...messagingEntities,
      ContactEntity,
      EventEntity,
      EventKeyEntity,
      EventTypeEntity,
      SubscriptionVersionEntity,
      WorkflowEntity,
      WorkflowVersionEntity,
      RunEntity,
      RunStepEntity,
      RunKeyEntity,
      RunWaitEntity,
      SeenEventEntity,
      WebhookEntity,
      WebhookAttemptEntity,
    ],
    migrations: [
      ...messagingMigrations,
      Workflows1700000001000,
      Events1700000002000,
      Webhooks1700000003000,
      RunsThatEnd1700000004000,
      OnePhoneOneContact1700000009000,
    ],
    poolSize,
    logger,
  });
