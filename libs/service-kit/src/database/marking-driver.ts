import pg from 'pg';
import { markDriverError } from '@tearoff/contracts';

type OnConnected = Parameters<pg.Pool['connect']>[0];

/** Marks why no connection could be had. TypeORM passes that on as it is, where a failed query is wrapped. */
class MarkingPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: OnConnected): void;
  override connect(callback?: OnConnected): Promise<pg.PoolClient> | void {
    if (!callback)
      return super.connect().catch((error: unknown) => {
        throw markDriverError(error);
      });
    super.connect((error, client, done) => callback(markDriverError(error), client, done));
  }
}

/** pg for TypeORM: by its errors `isDatabaseUnavailable` knows the database from whatever else refuses connections. */
export const markingDriver: typeof pg = Object.create(pg, { Pool: { value: MarkingPool } });
