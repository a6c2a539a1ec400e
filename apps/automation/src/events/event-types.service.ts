import { Injectable } from '@nestjs/common';
import {
  isReservedEvent,
  type EventTypeView,
  type ListEventTypes,
  type ReplyOf,
  type RequestOf,
  type SaveEventType,
} from '@tearoff/contracts';
import { decodeCursor, toPageBy } from '@tearoff/service-kit';
import { DataSource, MoreThan } from 'typeorm';
import { EventTypeEntity } from './event.entity';
import { reservedType } from './event.rules';

@Injectable()
export class EventTypesService {
  constructor(private readonly dataSource: DataSource) {}

  /** The cursor is the name of the page's last. */
  async list(request: RequestOf<typeof ListEventTypes>): Promise<ReplyOf<typeof ListEventTypes>> {
    const { accountId, cursor, limit = 50 } = request;
    const rows = await this.dataSource.getRepository(EventTypeEntity).find({
      where: {
        accountId,
        ...(cursor !== undefined && { type: MoreThan(decodeCursor(cursor, storableName)!) }),
      },
      order: { type: 'ASC' },
      take: limit + 1,
    });
    return toPageBy(({ type }) => type, rows, limit, typeView);
  }

  async save({
    accountId,
    type,
    requiredParams,
  }: RequestOf<typeof SaveEventType>): Promise<ReplyOf<typeof SaveEventType>> {
    if (isReservedEvent(type)) throw reservedType();
    const types = this.dataSource.getRepository(EventTypeEntity);
    const distinct = [...new Set(requiredParams)];
    await types.upsert({ accountId, type, requiredParams: distinct }, ['accountId', 'type']);
    return typeView(await types.findOneByOrFail({ accountId, type }));
  }
}

// U+FFFD stands for bytes that are no UTF-8.
const storableName = /^[^\0\ufffd]+$/;

const typeView = (row: EventTypeEntity): EventTypeView => ({
  type: row.type,
  requiredParams: row.requiredParams,
  count: Number(row.count),
  firstSeenAt: row.firstSeenAt.toISOString(),
  lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
});
