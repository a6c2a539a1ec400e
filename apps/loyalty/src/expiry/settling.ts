import { Injectable } from '@nestjs/common';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { Clock, retryOnConflict } from '@tearoff/service-kit';
import type { Book } from '../ledger/book';
import { Books, type BookKey } from '../ledger/books';

/** Enters what has fallen due. */
@Injectable()
export class Settling {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly books: Books,
    private readonly clock: Clock,
  ) {}

  /** Books as they stand at this moment, whether anybody has swept them or not. */
  async current(keys: readonly BookKey[]): Promise<Map<string, Book>> {
    const books = await this.books.open(this.dataSource.manager, keys, false);
    const now = this.clock.now();
    const late = [...books.values()].filter(({ nextDueAt }) => nextDueAt && nextDueAt <= now);
    if (late.length === 0) {
      // In memory only: nothing is entered, but what has become spendable counts.
      for (const book of books.values()) book.settle(now);
      return books;
    }
    await retryOnConflict(() =>
      this.outbox.transaction((tx) =>
        this.settle(
          tx,
          late.map(({ standing }) => standing),
        ),
      ),
    );
    return this.current(keys);
  }

  async settle(tx: Transaction, keys: readonly BookKey[]): Promise<void> {
    const books = await this.books.open(tx, keys, true);
    const now = this.clock.now();
    for (const book of books.values()) book.settle(now);
    await this.books.close(tx, books.values());
  }
}
