import { newId } from '@tearoff/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { ApiKeysService } from '../api-keys/api-keys.service';
import type { Credentials } from '../api-keys/credentials';
import { AccountEntity } from './account.entity';

export interface BootstrapOptions {
  /** From BOOTSTRAP_CLIENT_ID and BOOTSTRAP_CLIENT_SECRET. */
  given?: Credentials;
  /** Make an admin key when there is none at all and none was given. */
  makeFirstKey: boolean;
}

/**
 * The operator's account and its first admin key. Answers the credentials when it has made them: this is the
 * only moment at which they can be shown. `keyless` = no one can call the API yet.
 */
export function bootstrap(
  dataSource: DataSource,
  keys: ApiKeysService,
  { given, makeFirstKey }: BootstrapOptions,
): Promise<{ made: Credentials | null; keyless: boolean }> {
  return dataSource.transaction(async (manager) => {
    // Several gateways may start on an empty database at the same moment.
    await manager.query(`select pg_advisory_xact_lock(hashtext('tearoff'), hashtext('bootstrap'))`);
    const accountId = await operatorAccount(manager);
    if (given) {
      await keys.install(accountId, given, manager);
      return { made: null, keyless: false };
    }
    const [{ any }] = await manager.query<[{ any: boolean }]>(
      'select exists (select from api_key where revoked_at is null) as any',
    );
    if (any || !makeFirstKey) return { made: null, keyless: !any };
    const { key, clientSecret } = await keys.create(
      accountId,
      { name: 'First key', scopes: ['admin'] },
      manager,
    );
    return { made: { clientId: key.clientId, clientSecret }, keyless: false };
  });
}

async function operatorAccount(manager: EntityManager): Promise<string> {
  const found = await manager.findOneBy(AccountEntity, { operator: true });
  if (found) return found.id;
  const id = newId('account');
  await manager.insert(AccountEntity, { id, name: 'Operator', operator: true });
  return id;
}
