import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { AccountEntity } from './accounts/account.entity';
import { ApiKeyEntity } from './api-keys/api-key.entity';
import { claimEntities } from './claims/claim.entities';
import { ErasureEntity } from './contacts/erasure.entity';
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity';
import { Gateway1760000000001 } from './migrations/0001-gateway';
import { Claims1760000000002 } from './migrations/0002-claims';
import { ClaimMessages1760000000003 } from './migrations/0003-claim-messages';
import { Erasures1760000000004 } from './migrations/0004-erasures';
import { GuessingReports1760000000005 } from './migrations/0005-guessing-reports';
import { GuessingReportEntity } from './till/guessing-report.entity';

export const entities = [
  ...messagingEntities,
  AccountEntity,
  ApiKeyEntity,
  IdempotencyKeyEntity,
  ...claimEntities,
  ErasureEntity,
  GuessingReportEntity,
];
export const migrations = [
  ...messagingMigrations,
  Gateway1760000000001,
  Claims1760000000002,
  ClaimMessages1760000000003,
  Erasures1760000000004,
  GuessingReports1760000000005,
];
