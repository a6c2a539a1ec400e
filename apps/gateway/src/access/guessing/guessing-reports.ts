import { Injectable, Logger } from '@nestjs/common';
import { GuessingSuspected } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { LRUCache } from 'lru-cache';

export interface Suspicion {
  accountId: string;
  apiKeyId: string;
  storeId: string | null;
  /** Unknown codes that this process has seen of it since it last told. */
  unknownCodes: number;
}

const hourMs = 3_600_000;

/** Publishes that codes are being guessed: once an hour for a key and store, over all gateways. */
@Injectable()
export class GuessingReports {
  private readonly log = new Logger(GuessingReports.name);
  private readonly told = new LRUCache<string, number>({ max: 10_000 });

  constructor(private readonly outbox: Outbox) {}

  /** Returns at once: no till waits for it. A report that fails is made again with the next unknown code. */
  report(suspicion: Suspicion): void {
    const { apiKeyId, storeId } = suspicion;
    const name = `${apiKeyId} ${storeId ?? ''}`;
    const now = Date.now();
    const hour = now - (now % hourMs);
    if (this.told.get(name) === hour) return;
    this.told.set(name, hour);
    this.publish(suspicion, new Date(hour)).catch((error: unknown) => {
      this.told.delete(name);
      this.log.error(`guessing with key ${apiKeyId} could not be told: ${String(error)}`);
    });
  }

  private async publish({ storeId, ...suspicion }: Suspicion, hour: Date): Promise<void> {
    const { accountId, apiKeyId, unknownCodes } = suspicion;
    const isFirst = await this.outbox.transaction(async (tx) => {
      const rows = await tx.query<unknown[]>(
        `with swept as (delete from guessing_report where hour < $4::timestamptz - interval '1 day')
         insert into guessing_report (account_id, api_key_id, store_id, hour) values ($1, $2, $3, $4)
         on conflict do nothing returning hour`,
        [accountId, apiKeyId, storeId ?? '', hour],
      );
      if (rows.length === 0) return false;
      await this.outbox.add(tx, GuessingSuspected, [
        { accountId, apiKeyId, storeId, unknownCodes, at: new Date().toISOString() },
      ]);
      return true;
    });
    if (isFirst) {
      const where = storeId === null ? '' : ` at store ${JSON.stringify(storeId)}`;
      this.log.warn(`codes are being guessed with key ${apiKeyId}${where}: ${unknownCodes} unknown ones`);
    }
  }
}
