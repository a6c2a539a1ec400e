/** SQLSTATEs of a server that is going, gone, starting, full (53300) or read-only since a failover (25006). */
const awayStates = /^(08|57P0[123]|58000|53300|25006)/;
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
const awayTexts =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Client has encountered a connection error/i;

/** Whether an error means that the database itself is away, not that a statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  // By shape: an error from the driver may be of another realm, where `instanceof Error` says no.
  for (let cause = error as DriverError | undefined; cause; cause = cause.driverError ?? cause.cause) {
    if (cause.code && (awayStates.test(cause.code) || awayCodes.has(cause.code))) return true;
    if (cause.message && awayTexts.test(cause.message)) return true;
  }
  return false;
}

interface DriverError {
  code?: string;
  message?: string;
  driverError?: DriverError;
  cause?: DriverError;
}
