import { Injectable } from '@nestjs/common';
import {
  invalid,
  isReservedEvent,
  type EventTypeView,
  type ListEventTypes,
  type ReplyOf,
  type RequestOf,
  type SaveEventType,
} from '@tearoff/contracts';
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
      where: { accountId, ...(cursor !== undefined && { type: MoreThan(nameOf(cursor)) }) },
      order: { type: 'ASC' },
      take: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      data: page.map(typeView),
      nextCursor: rows.length > limit && last ? Buffer.from(last.type).toString('base64url') : null,
    };
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

function nameOf(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (name === '' || /[\0\ufffd]/.test(name))
    throw invalid('request.invalid_cursor', 'This is not a cursor of ours.');
  return name;
}

const typeView = (row: EventTypeEntity): EventTypeView => ({
  type: row.type,
  requiredParams: row.requiredParams,
  count: Number(row.count),
  firstSeenAt: row.firstSeenAt.toISOString(),
  lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
});
