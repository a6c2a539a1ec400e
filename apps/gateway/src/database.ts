import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { AccountEntity } from './accounts/account.entity';
import { ApiKeyEntity } from './api-keys/api-key.entity';
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity';
import { Gateway1760000000001 } from './migrations/0001-gateway';

export const entities = [...messagingEntities, AccountEntity, ApiKeyEntity, IdempotencyKeyEntity];
export const migrations = [...messagingMigrations, Gateway1760000000001];
