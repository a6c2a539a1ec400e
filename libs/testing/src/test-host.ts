import type { ServiceName } from '@tearoff/contracts';
import { createTestDatabase } from './test-database';
import { openInProcess, type OpenTransport, type TestTransport } from './test-transport';

/** What a service's `start` needs besides its environment. */
export interface TestHost extends TestTransport {
  databaseUrl: string;
  /** Removes the transport's declarations and the database; after everyone on them has closed. */
  cleanup: () => Promise<void>;
}

/** A transport and an empty database of a test's own. */
export async function openTestHost(
  means: OpenTransport = openInProcess,
  hosted?: readonly ServiceName[],
): Promise<TestHost> {
  const { transport, cleanup } = means(hosted);
  const database = await createTestDatabase();
  return {
    transport,
    databaseUrl: database.url,
    cleanup: async () => {
      await cleanup();
      await database.drop();
    },
  };
}
