import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * IANA names as this database knows them. A campaign's zone was checked against Node's list, which may be newer
 * than the database's; a name that only Node knows would fail every statement that reads the campaign's hours.
 */
@Injectable()
export class ZoneNames {
  private readonly logger = new Logger(ZoneNames.name);
  private readonly names = new Map<string, string>([['UTC', 'UTC']]);

  /** `zone`, or another name of it, as the database spells it; UTC when it knows none. */
  async known(manager: EntityManager, zone: string): Promise<string> {
    let name = this.names.get(zone);
    if (name === undefined) {
      name = await this.find(manager, [zone, canonicalOf(zone)]);
      if (this.names.size > 1_000) this.names.clear();
      this.names.set(zone, name);
    }
    return name;
  }

  private async find(manager: EntityManager, candidates: string[]): Promise<string> {
    // Asked of the view rather than tried, because a failing statement would end the caller's transaction.
    const rows = (await manager.query(`select name from pg_timezone_names where name = any($1::text[])`, [
      candidates,
    ])) as { name: string }[];
    const found = candidates.find((candidate) => rows.some((row) => row.name === candidate));
    if (!found) this.logger.warn(`the database does not know the time zone ${candidates[0]}: read as UTC`);
    return found ?? 'UTC';
  }
}

function canonicalOf(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return zone;
  }
}
