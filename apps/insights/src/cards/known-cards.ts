import { Injectable } from '@nestjs/common';
import { GetCard, type Card } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { prepared, ZoneNames } from '@tearoff/service-kit';
import { DataSource, type EntityManager } from 'typeorm';
import { oneWriter } from '../rebuild/generations';

type Known = Pick<Card, 'id' | 'accountId' | 'version' | 'timezone'>;

/** The zone of each card; of two versions the higher wins, whichever comes last. */
@Injectable()
export class KnownCards {
  constructor(
    private readonly dataSource: DataSource,
    private readonly commands: CommandClient,
    private readonly zones: ZoneNames,
  ) {}

  /** One not heard of yet is asked for; fails with `card.not_found`. */
  async zoneOf(accountId: string, cardId: string): Promise<string> {
    const known = await this.find(accountId, cardId);
    if (known) return known;
    const card = await this.commands.send(GetCard, { accountId, cardId, withMembers: false });
    await this.dataSource.transaction(async (tx) => {
      await oneWriter(tx);
      await this.store(tx, [card]);
    });
    return (await this.find(accountId, cardId)) ?? 'UTC';
  }

  async store(manager: EntityManager, cards: readonly Known[]): Promise<void> {
    const rows = [];
    for (const { id, accountId, version, timezone } of cards)
      rows.push({ id, account_id: accountId, version, timezone: await this.zones.known(manager, timezone) });
    await prepared(manager, storeStatement, [JSON.stringify(rows)]);
  }

  private async find(accountId: string, cardId: string): Promise<string | undefined> {
    const rows = (await this.dataSource.query(`select timezone from card where account_id = $1 and id = $2`, [
      accountId,
      cardId,
    ])) as { timezone: string }[];
    return rows[0]?.timezone;
  }
}

const storeStatement = {
  name: 'card-store',
  text: `insert into card (account_id, id, version, timezone)
    select distinct on (account_id, id) account_id, id, version, timezone
    from json_to_recordset($1::json) as row (account_id text, id text, version int, timezone text)
    order by account_id, id, version desc
    on conflict (account_id, id) do update set version = excluded.version, timezone = excluded.timezone
      where excluded.version > card.version`,
};
