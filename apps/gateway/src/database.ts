import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { AccountEntity } from './accounts/account.entity';
import { ApiKeyEntity } from './api-keys/api-key.entity';
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity';
import { SigningSecretEntity } from './claims/signing-secret.entity';
import { Gateway1760000000001 } from './migrations/0001-gateway';
import { Games1760000000003 } from './migrations/0003-games';

export const entities = [
  ...messagingEntities,
  AccountEntity,
  ApiKeyEntity,
  IdempotencyKeyEntity,
  SigningSecretEntity,
];
export const migrations = [...messagingMigrations, Gateway1760000000001, Games1760000000003];
