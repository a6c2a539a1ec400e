import type { LoggerService } from '@nestjs/common';
import { isError } from '../privacy/redact-value';
import type { Logger } from './logger';

// What Nest says while it wires modules: worth a line only when something is being looked for.
const wiring = new Set([
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Nest's logger on top of ours: its context becomes `context`, an Error or a stack becomes `err`. */
export function nestLogger(logger: Logger): LoggerService {
  const write = (level: Level, message: unknown, rest: unknown[]): void => {
    const { context, stack, error, extra } = readArguments(message, rest);
    const to = level === 'info' && context && wiring.has(context) ? 'debug' : level;
    const fields: Record<string, unknown> = context ? { context } : {};
    if (extra.length > 0) fields.extra = extra;
    if (isError(message)) return logger[to]({ ...fields, err: message }, message.message);
    if (error) fields.err = error;
    else if (stack) fields.err = { message: String(message), stack };
    if (typeof message === 'object' && message !== null) logger[to]({ ...fields, data: message });
    else logger[to](fields, String(message));
  };
  return {
    verbose: (message: unknown, ...rest: unknown[]) => write('trace', message, rest),
    debug: (message: unknown, ...rest: unknown[]) => write('debug', message, rest),
    log: (message: unknown, ...rest: unknown[]) => write('info', message, rest),
    warn: (message: unknown, ...rest: unknown[]) => write('warn', message, rest),
    error: (message: unknown, ...rest: unknown[]) => write('error', message, rest),
    fatal: (message: unknown, ...rest: unknown[]) => write('fatal', message, rest),
  };
}

/**
 * Nest passes (message, …extra, stack?, context?): the last text is the context, a text with frames is a stack. Ours pass
 * the Error itself in its place.
 */
function readArguments(
  message: unknown,
  rest: unknown[],
): { context?: string; stack?: string; error?: Error; extra: unknown[] } {
  const extra = rest.filter((part) => part !== undefined);
  const isStack = (part: unknown): part is string => typeof part === 'string' && /\n\s+at /.test(part);
  const last = extra.at(-1);
  const context = typeof last === 'string' && !isStack(last) ? (extra.pop() as string) : undefined;
  const at = isError(message) ? -1 : extra.findIndex(isStack);
  const stack = at < 0 ? undefined : (extra.splice(at, 1)[0] as string);
  const failed = extra.findIndex(isError);
  const error = failed < 0 || isError(message) ? undefined : (extra.splice(failed, 1)[0] as Error);
  return { context, stack, error, extra: extra.filter((part) => !isStack(part)) };
}
