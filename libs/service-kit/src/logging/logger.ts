import { isSpanContextValid, trace } from '@opentelemetry/api';
import pino, { type DestinationStream, type Logger } from 'pino';

export type { Logger };

interface LoggerOptions {
  service: string;
  /** A pino level or `silent`; `info` unless told. */
  level?: string;
  /** Where the lines go; standard output unless told. */
  destination?: DestinationStream;
}

const secrets = [
  'password',
  'secret',
  'clientSecret',
  'authorization',
  'privateKey',
  'apiSecret',
  'databaseUrl',
];

/**
 * A pino logger that writes one JSON object a line, with the service's name and, inside a traced request,
 * its `traceId`. Well-known names of credentials are blanked, at the top and one level down.
 */
export function createLogger({ service, level = 'info', destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
      mixin: currentTrace,
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

/** Whether pino knows the level. */
export const isLevel = (level: string | undefined): level is string =>
  level !== undefined && (level === 'silent' || level in pino.levels.values);

function currentTrace(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { traceId: span.traceId } : {};
}
