import { isSpanContextValid, trace } from '@opentelemetry/api';
import pino, { type DestinationStream, type Logger } from 'pino';
import { redactLine, redactValue } from '../privacy/redact-value';

export type { Logger };

interface LoggerOptions {
  service: string;
  /** A pino level or `silent`; `info` by default. */
  level?: string;
  /** Where the lines go; standard output by default. */
  destination?: DestinationStream;
}

/**
 * A pino logger that writes one JSON object a line, with the service's name and, inside a traced request, its
 * `traceId`. No line, of whatever level, holds people's data or secrets: see `redactValue`.
 */
export function createLogger({ service, level = 'info', destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        // Before pino writes it down: of an Error JSON would keep only the members, which are what must not be shown.
        log: (fields) => redactValue(fields) as Record<string, unknown>,
      },
      serializers: { err: (error: unknown) => error },
      hooks: { streamWrite: redactLine },
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
