import { Injectable } from '@nestjs/common';
import { conflict, invalid, newId, notFound } from '@tearoff/contracts';
import { DataSource, EntityManager, IsNull, MoreThan } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity';
import type { Credentials } from './credentials';
import { KeyVerifier } from './key-verifier';
import type { Scope } from './scopes';
import { hashOf, newSecret } from './secret';

export interface NewKey {
  key: ApiKeyEntity;
  /** Shown to its owner now and never again. */
  clientSecret: string;
}

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly verifier: KeyVerifier,
  ) {}

  async create(
    accountId: string,
    { name, scopes, origins = [] }: { name: string; scopes: Scope[]; origins?: string[] },
    manager: EntityManager = this.dataSource.manager,
  ): Promise<NewKey> {
    refuseMixed(scopes, origins);
    const clientSecret = newSecret();
    const id = newId('apiKey');
    const key = manager.create(ApiKeyEntity, {
      id,
      accountId,
      clientId: id,
      secretHash: hashOf(clientSecret),
      name,
      scopes: [...new Set(scopes)],
      origins: [...new Set(origins)],
      createdAt: new Date(),
      revokedAt: null,
    });
    await manager.insert(ApiKeyEntity, key);
    return { key, clientSecret };
  }

  /** The keys that work, oldest first. */
  list(accountId: string, { limit, after }: { limit: number; after?: string }): Promise<ApiKeyEntity[]> {
    return this.dataSource.manager.find(ApiKeyEntity, {
      where: { accountId, revokedAt: IsNull(), ...(after && { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** Works at once in this process and within five seconds in the others. An account keeps one admin key. */
  async revoke(accountId: string, id: string): Promise<void> {
    const clientId = await this.dataSource.transaction(async (manager) => {
      // All of the account's keys: two admins who revoke each other at the same moment must not both succeed.
      const keys = await manager.find(ApiKeyEntity, {
        where: { accountId, revokedAt: IsNull() },
        order: { id: 'ASC' },
        lock: { mode: 'pessimistic_write' },
      });
      const key = keys.find((each) => each.id === id);
      if (!key) throw notFound('api_key.not_found', 'There is no such api key.');
      const admins = keys.filter(({ scopes }) => scopes.includes('admin'));
      if (admins.length === 1 && admins[0] === key) {
        throw conflict(
          'api_key.last_admin',
          'This is the last admin key of the account: make another one first.',
        );
      }
      await manager.update(ApiKeyEntity, { id }, { revokedAt: new Date() });
      return key.clientId;
    });
    this.verifier.forget(clientId);
  }

  /** The operator's own choice of admin credentials: made, or brought up to date when the secret has changed. */
  async install(
    accountId: string,
    { clientId, clientSecret }: Credentials,
    manager: EntityManager,
  ): Promise<void> {
    await manager.query(
      `insert into api_key (id, account_id, client_id, secret_hash, name, scopes)
       values ($1, $2, $3, $4, 'Bootstrap', '{admin}')
       on conflict (client_id) do update
          set secret_hash = excluded.secret_hash, account_id = excluded.account_id,
              scopes = excluded.scopes, revoked_at = null`,
      [newId('apiKey'), accountId, clientId, hashOf(clientSecret)],
    );
  }
}

/** What stands in a page's source must open nothing else, and only a page has an origin. */
function refuseMixed(scopes: readonly Scope[], origins: readonly string[]): void {
  const open = scopes.includes('public');
  if (open && scopes.some((scope) => scope !== 'public'))
    throw invalid('api_key.invalid', 'A public key can be read by anyone: it has no other scope.', {
      errors: [{ path: '/scopes', message: 'must be public alone, or without it' }],
    });
  if (!open && origins.length > 0)
    throw invalid('api_key.invalid', 'Only a public key is used from web pages.', {
      errors: [{ path: '/origins', message: 'is for the scope public' }],
    });
}
