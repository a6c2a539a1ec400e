import { Injectable } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { DataSource, MoreThan } from 'typeorm';
import { ApiKeysService, type NewKey } from '../api-keys/api-keys.service';
import { AccountEntity } from './account.entity';

@Injectable()
export class AccountsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: ApiKeysService,
  ) {}

  /** An account with its first admin key: without one no one could ever use it. */
  create(name: string): Promise<{ account: AccountEntity; first: NewKey }> {
    return this.dataSource.transaction(async (manager) => {
      const account = manager.create(AccountEntity, {
        id: newId('account'),
        name,
        operator: false,
        createdAt: new Date(),
      });
      await manager.insert(AccountEntity, account);
      return {
        account,
        first: await this.keys.create(account.id, { name: 'First key', scopes: ['admin'] }, manager),
      };
    });
  }

  one(id: string): Promise<AccountEntity> {
    return this.dataSource.manager.findOneByOrFail(AccountEntity, { id });
  }

  list({ limit, after }: { limit: number; after?: string }): Promise<AccountEntity[]> {
    return this.dataSource.manager.find(AccountEntity, {
      where: after ? { id: MoreThan(after) } : {},
      order: { id: 'ASC' },
      take: limit,
    });
  }
}
