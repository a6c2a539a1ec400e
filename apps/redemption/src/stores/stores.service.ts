import { Injectable } from '@nestjs/common';
import {
  conflict,
  invalid,
  newId,
  type CreateStore,
  type ListStores,
  type ReplyOf,
  type RequestOf,
  type Store,
} from '@tearoff/contracts';
import { assertStorable, decodeCursor, isUniqueViolation, toPage } from '@tearoff/service-kit';
import { DataSource, MoreThan } from 'typeorm';
import { StoreEntity } from './store.entity';

@Injectable()
export class StoresService {
  constructor(private readonly dataSource: DataSource) {}

  async create({ accountId, store }: RequestOf<typeof CreateStore>): Promise<Store> {
    assertStorable(store);
    if (store.timezone && !isZone(store.timezone))
      throw invalid('store.invalid_timezone', 'The time zone is not an IANA name.', {
        errors: [{ path: '/timezone', message: 'is not an IANA time zone' }],
      });
    const row: StoreEntity = {
      accountId,
      id: store.id ?? newId('store'),
      name: store.name,
      address: store.address ?? null,
      timezone: store.timezone ?? null,
      createdAt: new Date(),
    };
    try {
      await this.dataSource.getRepository(StoreEntity).insert(row);
    } catch (error) {
      if (isUniqueViolation(error)) throw conflict('store.exists', 'A store with this id exists already.');
      throw error;
    }
    return viewOf(row);
  }

  async list({
    accountId,
    limit = 50,
    cursor,
  }: RequestOf<typeof ListStores>): Promise<ReplyOf<typeof ListStores>> {
    const after = decodeCursor(cursor, /^[\w.:-]{1,100}$/);
    const rows = await this.dataSource.getRepository(StoreEntity).find({
      where: { accountId, ...(after && { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return toPage(rows, limit, viewOf);
  }
}

const viewOf = (row: StoreEntity): Store => ({
  id: row.id,
  accountId: row.accountId,
  name: row.name,
  address: row.address,
  timezone: row.timezone,
  createdAt: row.createdAt.toISOString(),
});

function isZone(name: string): boolean {
  try {
    // Offsets such as +01:00 are accepted by Intl but are no zone: they know no summer time.
    return !/^[+-]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
