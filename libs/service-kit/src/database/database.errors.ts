interface DriverError {
  code?: string;
  constraint?: string;
  message?: string;
}

// SQLSTATE classes and codes: connection exceptions, shutdown, crash recovery, starting, no slot left, and a
// former primary that is read-only after a failover.
const awayStates = /^(08...|57P0[1-3]|53300|25006)$/;
const awaySystemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// pg, its pool and TypeORM give these no code.
const awayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Driver not Connected|Connection ended unexpectedly)/;

/** Whether PostgreSQL refused a row for a unique or primary key; with `constraint`, for that one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const found = driverError(error);
  return found?.code === '23505' && (constraint === undefined || found.constraint === constraint);
}

/** A deadlock (40P01) or a serialization failure (40001): the same transaction may succeed if tried again. */
export function isSerializationFailure(error: unknown): boolean {
  const code = driverError(error)?.code;
  return code === '40P01' || code === '40001';
}

/**
 * Whether the database could not be reached, is starting or stopping, or has no connection to give. Whether
 * the statement took effect is then unknown.
 */
export function isDatabaseAway(error: unknown): boolean {
  const found = driverError(error);
  if (!found) return false;
  if (found.code && (awaySystemErrors.has(found.code) || awayStates.test(found.code))) return true;
  return awayMessages.test(found.message ?? '');
}

/**
 * TypeORM wraps what the driver threw; an AggregateError (two addresses tried) carries a code of its own. By
 * shape, not `instanceof`: Node's own errors are of another realm where code runs in a VM, as tests do.
 */
export function driverError(error: unknown): DriverError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const inner = (error as { driverError?: unknown }).driverError;
  return typeof inner === 'object' && inner !== null ? inner : error;
}
