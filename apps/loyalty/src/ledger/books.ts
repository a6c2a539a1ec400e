import { Injectable } from '@nestjs/common';
import type { Card, Member, MessageContext } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';
import { CardsService } from '../cards/cards.service';
import { MembersService } from '../members/members.service';
import { periodBegins } from '../tiers/tier';
import { Book, type Standing } from './book';
import { BookEvents } from './book-events';
import {
  lockStandings,
  readLots,
  readReferences,
  readStandings,
  writeEntries,
  writeLots,
  writeStandings,
  type LotRow,
  type StandingRow,
} from './books.sql';
import type { EntryEntity } from './entry.entity';
import { Lots, type Lot } from './lots';

export interface BookKey {
  readonly cardId: string;
  readonly memberId: string;
  /** Awards that must be at hand even if nothing is left of them. */
  readonly seqs?: readonly number[];
}

export const keyOf = ({ cardId, memberId }: BookKey): string => `${cardId} ${memberId}`;

export interface Referred extends BookKey {
  readonly reference: string;
}
export const referenceKey = (referred: Referred): string => `${keyOf(referred)} ${referred.reference}`;

/** Reads ledgers and writes down what became of them, many with each statement. */
@Injectable()
export class Books {
  constructor(
    private readonly cards: CardsService,
    private readonly members: MembersService,
    private readonly events: BookEvents,
  ) {}

  /** By `keyOf`; whoever is on no such card is missing. Nobody else changes a locked book before this one is written. */
  async open(manager: EntityManager, keys: readonly BookKey[], lock: boolean): Promise<Map<string, Book>> {
    const distinct = [...new Map(keys.map((key) => [keyOf(key), key])).values()];
    if (distinct.length === 0) return new Map();
    const rows = await prepared<StandingRow & Record<string, unknown>>(
      manager,
      lock ? lockStandings : readStandings,
      [distinct.map(({ cardId }) => cardId), distinct.map(({ memberId }) => memberId)],
    );
    // After the lock, so that the rules and the lots are those of now.
    const cards = await this.cards.byId(manager, new Set(rows.map((row) => row.card_id)));
    const lots = await this.lotsOf(manager, rows, cards, keys);
    return new Map(
      rows.map((row) => {
        const standing = standingOf(row);
        const own = lots.get(keyOf(standing)) ?? [];
        return [keyOf(standing), new Book(cards.get(row.card_id)!, standing, new Lots(own))];
      }),
    );
  }

  /** By `referenceKey`, what was entered under it before. */
  async entered(
    manager: EntityManager,
    referred: readonly Referred[],
    { ofCaller }: { ofCaller: boolean },
  ): Promise<Map<string, EntryEntity>> {
    if (referred.length === 0) return new Map();
    const rows = await prepared<EntryEntity & Record<string, unknown>>(manager, readReferences, [
      referred.map(({ cardId }) => cardId),
      referred.map(({ memberId }) => memberId),
      referred.map(({ reference }) => reference),
      ofCaller,
    ]);
    return new Map(rows.map((row) => [referenceKey({ ...row, reference: row.reference! }), row]));
  }

  /** What they entered, and the events that tell of it. `contexts`: by entry id, the request that caused it. */
  async close(
    tx: Transaction,
    books: Iterable<Book>,
    contexts: ReadonlyMap<string, MessageContext | null> = new Map(),
  ): Promise<void> {
    const all = [...books];
    if (all.length === 0) return;
    const entries = all.flatMap((book) => book.entries);
    const lots = all.flatMap((book) => [...book.lots.changed].map((lot) => lotRow(book, lot)));
    await prepared(tx, writeStandings, [JSON.stringify(all.map(standingRow))]);
    if (entries.length > 0) await prepared(tx, writeEntries, [JSON.stringify(entries)]);
    if (lots.length > 0) await prepared(tx, writeLots, [JSON.stringify(lots)]);
    const told = all.filter(({ entries: own, tierChanges }) => own.length + tierChanges.length > 0);
    if (told.length === 0) return;
    const members: Map<string, Member> = await this.members.byId(
      tx,
      told.map(({ standing }) => standing),
    );
    await this.events.tell(tx, told, members, contexts);
  }

  private async lotsOf(
    manager: EntityManager,
    rows: readonly StandingRow[],
    cards: ReadonlyMap<string, Card>,
    keys: readonly BookKey[],
  ): Promise<Map<string, Lot[]>> {
    const named = new Map<string, number[]>();
    for (const key of keys) named.set(keyOf(key), [...(named.get(keyOf(key)) ?? []), ...(key.seqs ?? [])]);
    const found = await prepared<LotRow & Record<string, unknown>>(manager, readLots, [
      rows.map((row) => row.card_id),
      rows.map((row) => row.member_id),
      rows.map((row) => periodBegins(cards.get(row.card_id)!, row.settled_at)),
      rows.map((row) => `{${(named.get(keyOf(standingOf(row))) ?? []).join(',')}}`),
    ]);
    const lots = new Map<string, Lot[]>();
    for (const row of found) {
      const key = keyOf({ cardId: row.card_id, memberId: row.member_id });
      const own = lots.get(key);
      if (own) own.push(lotOf(row));
      else lots.set(key, [lotOf(row)]);
    }
    return lots;
  }
}

const standingOf = (row: StandingRow): Standing => ({
  accountId: row.account_id,
  cardId: row.card_id,
  memberId: row.member_id,
  balance: Number(row.balance),
  debt: Number(row.debt),
  entries: row.entries,
  tier: row.tier,
  resting: row.resting,
  idleUntil: row.idle_until,
  settledAt: row.settled_at,
  lastActivityAt: row.last_activity_at,
});

const standingRow = ({ standing, nextDueAt }: Book) => ({
  card_id: standing.cardId,
  member_id: standing.memberId,
  balance: standing.balance,
  debt: standing.debt,
  entries: standing.entries,
  tier: standing.tier,
  resting: standing.resting,
  idle_until: standing.idleUntil,
  settled_at: standing.settledAt,
  last_activity_at: standing.lastActivityAt,
  next_due_at: nextDueAt,
});

const lotOf = (row: LotRow): Lot => ({
  seq: row.seq,
  amount: Number(row.amount),
  remaining: Number(row.remaining),
  expired: Number(row.expired),
  takenBack: Number(row.taken_back),
  awardedAt: row.awarded_at,
  counts: row.counts,
  availableAt: row.available_at,
  expiresAt: row.expires_at,
});

const lotRow = ({ standing: { cardId, memberId } }: Book, lot: Lot) => ({
  card_id: cardId,
  member_id: memberId,
  seq: lot.seq,
  amount: lot.amount,
  remaining: lot.remaining,
  expired: lot.expired,
  taken_back: lot.takenBack,
  awarded_at: lot.awardedAt,
  counts: lot.counts,
  available_at: lot.availableAt,
  expires_at: lot.expiresAt,
});
