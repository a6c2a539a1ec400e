import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chooseServerHome, runnableBinaries, serverUser } from './server-home';
import { claimDataFolder } from './data-folder.lock';
import { initialiseCluster } from './cluster-init';
import { locateBinaries } from './postgres-binaries';
import { stopOrphan } from './orphan-server';
import { launchServer } from './server-process';
import type { ServerSettings } from './server-settings';

export interface EmbeddedPostgresOptions {
  /** Kept between starts; the cluster lives in its `postgres` subfolder. */
  dataDir: string;
  /** TCP port on 127.0.0.1; 0 or absent picks a free one. */
  port?: number;
  log: (message: string) => void;
  /** In place of its usual ones: a test's server need not survive a power cut. */
  settings?: ServerSettings;
  /** Called when the server ends without `stop()` having been asked for. */
  onUnexpectedExit?: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** Superuser connection string with its password: do not log it. */
  url: string;
  /** Where the cluster really is: not under `dataDir` when the server's user cannot get there. */
  folder: string;
  /** Ends every connection, writes a checkpoint and waits for the server to be gone. May be called twice. */
  stop: () => Promise<void>;
}

/**
 * Starts the PostgreSQL that came with `npm install` on 127.0.0.1, making its cluster at the first start.
 * A server left behind by a killed process is stopped first; a folder whose owner still runs is an error.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = serverUser(options.dataDir);
  const home = chooseServerHome(options.dataDir, user, options.log);
  const binaries = runnableBinaries(locateBinaries(), user, options.log);
  const lock = claimDataFolder(home);
  try {
    const data = join(home, 'data');
    if (existsSync(data)) await stopOrphan(binaries, data, user, options.log);
    const password = await initialiseCluster(binaries, home, user, options.log);
    const server = await launchServer({ ...options, binaries, home, data, user, password });
    return {
      url: server.url,
      folder: home,
      stop: async () => {
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
