import { Module } from '@nestjs/common';
import { AccountsController } from './accounts/accounts.controller';
import { AccountsService } from './accounts/accounts.service';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { ApiKeysService } from './api-keys/api-keys.service';
import { KeyVerifier } from './api-keys/key-verifier';
import { CodeGuesses } from './guessing/code-guesses';
import { GuessingReports } from './guessing/guessing-reports';
import { IdempotencyStore } from './idempotency/idempotency.store';
import { IdempotencySweeper } from './idempotency/idempotency.sweeper';

const services = [
  KeyVerifier,
  ApiKeysService,
  AccountsService,
  IdempotencyStore,
  IdempotencySweeper,
  CodeGuesses,
  GuessingReports,
];

/** Who may call, how often, and what a repeated call answers: accounts, API keys, limits and idempotency keys. */
@Module({ controllers: [ApiKeysController, AccountsController], providers: services, exports: services })
export class AccessModule {}
