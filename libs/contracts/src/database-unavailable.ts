/*
 * When a database counts as away. It stands here because messaging and service-kit must agree on it, and the two know
 * nothing of each other.
 */

/** SQLSTATEs: connection exceptions, shutdown, crash, starting, a failing system, a full disk, no slot left, read-only since a failover. */
const unavailableStates = /^(08...|57P0[1-3]|58000|53100|53300|25006)$/;
const unavailableSystemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // A Unix socket that is not there.
  'ENOENT',
]);
/** pg and its pool give these no code. */
const unavailableMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Driver not Connected|Connection ended unexpectedly)/;

/** `Symbol.for`: an error keeps its mark where a process holds two copies of this module. */
const raisedByDriver = Symbol.for('tearoff.raisedByDatabaseDriver');

interface Raised {
  name?: unknown;
  code?: unknown;
  severity?: unknown;
  message?: unknown;
  driverError?: unknown;
  cause?: unknown;
  [raisedByDriver]?: true;
}

/**
 * Marks what a call of the database driver was rejected with, and returns it. System errors look alike wherever they
 * come from (`ECONNREFUSED` of a webhook's receiver, of the database): only the place that called the driver knows.
 */
export function markDriverError<E>(error: E): E {
  if (isObject(error) && Object.isExtensible(error))
    Object.defineProperty(error, raisedByDriver, { value: true, configurable: true });
  return error;
}

/**
 * Whether the database could not be reached, is starting or stopping, or has no connection to give. Whether the
 * statement took effect is then unknown. Counts only what the driver raised: what `markDriverError` has marked, what
 * TypeORM has wrapped as a failed query, and errors that the server itself has sent; at any depth of `cause`.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const seen = new Set<unknown>();
  let isFromDriver = false;
  for (let current = error; isObject(current) && !seen.has(current);) {
    seen.add(current);
    if (meansUnavailable(current, isFromDriver)) return true;
    const { driverError, cause } = current;
    isFromDriver = isObject(driverError);
    current = isFromDriver ? driverError : cause;
  }
  return false;
}

function meansUnavailable(error: Raised, isFromDriver: boolean): boolean {
  const { name, code, severity, message } = error;
  // By shape, not `instanceof`: of pg's errors, and TypeORM's copies of them, only those of the server have a severity.
  if (typeof severity === 'string') return typeof code === 'string' && unavailableStates.test(code);
  // A DataSource that has been closed says so itself.
  if (!isFromDriver && !error[raisedByDriver] && name !== 'TypeORMError') return false;
  if (typeof code === 'string' && unavailableSystemErrors.has(code)) return true;
  return typeof message === 'string' && unavailableMessages.test(message);
}

const isObject = (value: unknown): value is Raised => typeof value === 'object' && value !== null;
