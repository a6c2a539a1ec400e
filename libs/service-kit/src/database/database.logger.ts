import type { Logger as TypeOrmLogger } from 'typeorm';
import type { Logger } from '../logging/logger';

/** What TypeORM has to say, through ours. Parameters are people's data and stay out of it; the logger sees to the rest. */
export class DatabaseLogger implements TypeOrmLogger {
  constructor(private readonly logger: Logger | undefined) {}

  logQuery(): void {}

  /** At debug: anyone who made the query gets the error, and a refused duplicate is no incident. */
  logQueryError(error: string | Error, query: string): void {
    this.logger?.debug({ err: error, statement: query }, 'query failed');
  }

  logQuerySlow(milliseconds: number, query: string): void {
    this.logger?.warn({ milliseconds, statement: query }, 'query was slow');
  }

  logSchemaBuild(message: string): void {
    this.logger?.debug(message);
  }

  logMigration(message: string): void {
    this.logger?.debug(message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.logger?.[level === 'warn' ? 'warn' : 'debug'](String(message));
  }
}
