import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';

/** Notes that someone followed a claim's message, once a message; the page does not wait for it. */
@Injectable()
export class ClaimOpens {
  private readonly log = new Logger(ClaimOpens.name);
  private readonly noted = new LRUCache<string, true>({ max: 20_000 });

  constructor(private readonly dataSource: DataSource) {}

  note(id: string): void {
    if (this.noted.has(id)) return;
    this.dataSource
      .query<[unknown, number]>(
        `update claim_message set opened_at = coalesce(opened_at, now()) where id = $1`,
        [id],
      )
      .then(([, known]) => known > 0 && this.noted.set(id, true))
      .catch((error: unknown) => this.log.warn(`an opening was not noted: ${String(error)}`));
  }
}
