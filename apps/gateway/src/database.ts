import { messagingEntities, messagingMigrations } from '@tearoff/messaging';
import { AccountEntity } from './access/accounts/account.entity';
import { ApiKeyEntity } from './access/api-keys/api-key.entity';
import { claimEntities } from './pages/claims/claim.entities';
import { ErasureEntity } from './api/contacts/erasure.entity';
import { IdempotencyKeyEntity } from './access/idempotency/idempotency-key.entity';
import { Gateway1760000000001 } from './migrations/0001-gateway';
import { Claims1760000000002 } from './migrations/0002-claims';
import { ClaimMessages1760000000003 } from './migrations/0003-claim-messages';
import { Erasures1760000000004 } from './migrations/0004-erasures';
import { GuessingReports1760000000005 } from './migrations/0005-guessing-reports';
import { GuessingReportEntity } from './access/guessing/guessing-report.entity';

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
