// First, because instrumentation must be in place before anything loads pg, http or amqplib.
export { startTracing } from './tracing/tracing';
export { DatabaseModule } from './database/database.module';
export { isDatabaseUnavailable } from '@tearoff/contracts';
export { isSerializationFailure, isUniqueViolation, isWriteConflict } from './database/database.errors';
export { DatabaseSetupError } from './database/service-role';
export { openDatabase, type OpenDatabaseOptions } from './database/open-database';
export { prepared, type PreparedStatement } from './database/prepared';
export { retryOnConflict } from './database/retry-on-conflict';
export { ZoneNames } from './database/zone-names';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres/embedded-postgres';
export { EnvironmentError, type VariableFault } from './environment/environment.error';
export { readEnv } from './environment/read-env';
export { isPlaceholder, weaknessOf } from './environment/secret';
export { serviceVariables } from './environment/service-variables';
export { startHealthServer, type HealthServer, type HealthServerOptions } from './health/health.server';
export { metrics, metricsText } from './health/metrics';
export { readinessOf, type HealthCheck, type Readiness } from './health/readiness';
export { runMain } from './lifecycle/run-main';
export { environmentOf, type ServiceHost } from './lifecycle/service-host';
export {
  startService,
  type RunningService,
  type ServiceMessaging,
  type ServiceOptions,
} from './lifecycle/start-service';
export { stopInOrder, type StopStep } from './lifecycle/stop-in-order';
export { createLogger, type Logger } from './logging/logger';
export { nestLogger } from './logging/nest.logger';
export { AddressGuard, AddressRefused, portsOf, portsPattern, type Resolve } from './outbound/address-guard';
export { isLoopback } from './outbound/loopback';
export { retryAfterMs } from './outbound/retry-after';
export { decodeCursor, decodeIdCursor, encodeCursor, invalidCursor, toPage, toPageBy } from './paging/paging';
export { problemOf, type ProblemDetails, type ProblemResponse } from './problems/problem';
export {
  assertStorable,
  isStorable,
  isStorableJson,
  StorablePipe,
  toStorable,
  toStorableJson,
  toStorableText,
  unstorableCharacters,
} from './text/storable';
export { Clock, SystemClock } from './time/clock';
export { zoneOfPhone } from './time/phone-zone';
