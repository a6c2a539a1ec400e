import { DataSource, MigrationExecutor, type DataSourceOptions } from 'typeorm';
import type { Logger } from '../logging/logger';
import { markingDriver } from './marking-driver';
import { connectWithRetry, connectionConfig } from './connection';
import { watchPool } from './pool.metrics';
import { prepareServiceSchema } from './service-role';
import { DatabaseLogger } from './database.logger';

export interface OpenDatabaseOptions {
  /** Names the schema, the role `tearoff_<service>` and the connections. */
  service: string;
  url: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  migrations: NonNullable<DataSourceOptions['migrations']>;
  /** Connections at most; 8 by default. More than that is no faster and makes the slowest slower. */
  poolSize?: number;
  /** Milliseconds a statement may take; 60,000 by default. `set local statement_timeout` lifts it for one. */
  statementTimeoutMs?: number;
  /** Milliseconds to wait for a server that is starting; 60,000 by default. */
  patienceMs?: number;
  /**
   * For a service whose every statement goes by an index: its prepared statements are planned once, for an
   * index, instead of anew for each batch (0.35 ms of backend time for a single validation, 0.06 without), and a plan made while the
   * tables were still empty stays right when they are full.
   */
  stablePlans?: boolean;
  logger?: Logger;
}

/**
 * A DataSource whose every connection works as role `tearoff_<service>` in schema `<service>` and can see no
 * other service's: made, if this user may, and migrated when it resolves. Any number of processes may open the
 * same database at the same time; each migration runs once, in its own transaction and without a time limit.
 * Throws DatabaseSetupError when the user's rights do not suffice.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<DataSource> {
  const { service, url, poolSize = 8, statementTimeoutMs = 60_000, patienceMs = 60_000, logger } = options;
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(service)) throw new RangeError(`not a schema name: ${service}`);

  // No limits, whatever the server's defaults: it waits while another process migrates.
  const keeperConfig = connectionConfig(url, `${service}-setup`, { statement_timeout: 0, lock_timeout: 0 });
  const keeper = await connectWithRetry(keeperConfig, patienceMs, logger);
  try {
    const role = await prepareServiceSchema(keeper, service);
    if (!role) logger?.warn('the database user may make no roles: only schemas keep the services apart');

    const { connectionString, ...extra } = connectionConfig(url, service, {
      ...(role && { role }),
      ...(options.stablePlans && { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' }),
      search_path: service,
      statement_timeout: statementTimeoutMs,
      // Set-based statements lock and then judge the newest row; whatever the server's default, they rely on this.
      default_transaction_isolation: 'read\\ committed',
      // On in a usual server: compiling a short statement that was thought to be long takes longer than to run it.
      jit: 'off',
      // A transaction that a hung process left open would keep its locks for ever.
      idle_in_transaction_session_timeout: Math.max(statementTimeoutMs, 60_000),
    });
    const dataSource = new DataSource({
      type: 'postgres',
      driver: markingDriver,
      entities: options.entities,
      migrations: options.migrations,
      migrationsTableName: 'migration',
      synchronize: false,
      installExtensions: false,
      uuidExtension: 'pgcrypto',
      poolSize,
      logger: new DatabaseLogger(logger),
      maxQueryExecutionTime: 1_000,
      poolErrorHandler: (error: Error) =>
        logger?.warn({ err: error }, 'a database connection broke while idle'),
      // In `extra`, because TypeORM's own reading of a URL knows no sockets and no parameters.
      extra: { ...extra, connectionString, idleTimeoutMillis: 60_000 },
    });
    await dataSource.initialize();
    try {
      // TypeORM does not lock: of five processes starting together four would fail on the same `create table`.
      await keeper.query(`select pg_advisory_lock(hashtext('tearoff'), hashtext($1))`, [service]);
      await migrate(dataSource, logger);
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
    watchPool(service, dataSource);
    return dataSource;
  } finally {
    await keeper.end();
  }
}

async function migrate(dataSource: DataSource, logger?: Logger): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('set statement_timeout = 0');
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    const done = await executor.executePendingMigrations();
    if (done.length > 0) logger?.info({ migrations: done.map(({ name }) => name) }, 'database migrated');
    await runner.query('reset statement_timeout');
  } finally {
    await runner.release();
  }
}
