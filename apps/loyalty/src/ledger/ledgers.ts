import { Injectable } from '@nestjs/common';
import type { Card, MessageContext } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';
import { CardCache } from '../cards/card-cache';
import { periodBegins } from '../tiers/tier';
import type { Ledger } from './ledger';
import { LedgerEvents } from './ledger-events';
import { ledgerOf, holdingsOf, lotRow, rowKey, enrolmentRow, type Holding } from './ledger-rows';
import {
  lockEnrolments,
  readLots,
  readReferences,
  readEnrolments,
  writeBooks,
  type HoldingRow,
  type EnrolmentRow,
} from './ledgers.sql';
import type { EntryEntity } from './entry.entity';

export interface LedgerKey {
  readonly cardId: string;
  readonly memberId: string;
  /** Awards that must be at hand even if nothing is left of them. */
  readonly seqs?: readonly number[];
}

export const keyOf = ({ cardId, memberId }: LedgerKey): string => `${cardId} ${memberId}`;

export interface Referred extends LedgerKey {
  readonly reference: string;
}
export const referenceKey = (referred: Referred): string => `${keyOf(referred)} ${referred.reference}`;

/** Reads ledgers and writes down what became of them, many with each statement. */
@Injectable()
export class Ledgers {
  constructor(
    private readonly cards: CardCache,
    private readonly events: LedgerEvents,
  ) {}

  /** By `keyOf`; anyone who is on no such card is missing. No one else changes a locked book before this one is written. */
  async open(
    manager: EntityManager,
    keys: readonly LedgerKey[],
    lock: boolean,
  ): Promise<Map<string, Ledger>> {
    const distinct = [...new Map(keys.map((key) => [keyOf(key), key])).values()];
    if (distinct.length === 0) return new Map();
    const rows = await prepared<EnrolmentRow>(manager, lock ? lockEnrolments : readEnrolments, [
      distinct.map(({ cardId }) => cardId),
      distinct.map(({ memberId }) => memberId),
    ]);
    return this.read(manager, rows, keys);
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
    ledgers: Iterable<Ledger>,
    contexts: ReadonlyMap<string, MessageContext | null> = new Map(),
  ): Promise<void> {
    const all = [...ledgers];
    if (all.length === 0) return;
    const entries = all.flatMap((ledger) => ledger.entries);
    const lots = all.flatMap((ledger) => [...ledger.lots.changed].map((lot) => lotRow(ledger, lot)));
    await prepared(tx, writeBooks, [
      JSON.stringify(all.map(enrolmentRow)),
      JSON.stringify(entries),
      JSON.stringify(lots),
    ]);
    const told = all.filter(({ entries: own, tierChanges }) => own.length + tierChanges.length > 0);
    if (told.length > 0) await this.events.tell(tx, told, contexts);
  }

  /**
   * After the lock, so that rules, lots and names are those of now: the lock's statement sees what was there before it
   * waited.
   */
  private async read(
    manager: EntityManager,
    rows: readonly EnrolmentRow[],
    keys: readonly LedgerKey[],
  ): Promise<Map<string, Ledger>> {
    let versions = rows.map((row) => ({ id: row.card_id, version: row.card_version }));
    for (;;) {
      const cards = await this.cards.of(manager, versions);
      const holdings = await this.holdings(manager, rows, cards, keys);
      const current = [...holdings.values()].map(({ card }) => card);
      if (current.every(({ id, version }) => cards.get(id)?.version === version))
        return new Map([...holdings].map(([key, holding]) => [key, ledgerOf(holding, cards)]));
      versions = current;
    }
  }

  private async holdings(
    manager: EntityManager,
    rows: readonly EnrolmentRow[],
    cards: ReadonlyMap<string, Card>,
    keys: readonly LedgerKey[],
  ): Promise<Map<string, Holding>> {
    const named = new Map<string, number[]>();
    for (const key of keys) named.set(keyOf(key), [...(named.get(keyOf(key)) ?? []), ...(key.seqs ?? [])]);
    const found = await prepared<HoldingRow>(manager, readLots, [
      rows.map((row) => row.account_id),
      rows.map((row) => row.card_id),
      rows.map((row) => row.member_id),
      rows.map((row) => periodBegins(cards.get(row.card_id)!, row.settled_at)),
      rows.map((row) => `{${(named.get(rowKey(row)) ?? []).join(',')}}`),
    ]);
    return holdingsOf(rows, found);
  }
}
