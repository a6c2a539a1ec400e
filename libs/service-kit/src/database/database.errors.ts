interface DriverError {
  code?: string;
  constraint?: string;
}

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

/** Either of the two: another transaction came first, and a repeated one sees what it wrote. */
export const isWriteConflict = (error: unknown): boolean =>
  isSerializationFailure(error) || isUniqueViolation(error);

/**
 * TypeORM wraps what the driver threw; an AggregateError (two addresses tried) carries a code of its own. By
 * shape, not `instanceof`: Node's own errors are of another realm where code runs in a VM, as tests do.
 */
export function driverError(error: unknown): DriverError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const inner = (error as { driverError?: unknown }).driverError;
  return typeof inner === 'object' && inner !== null ? inner : error;
}
