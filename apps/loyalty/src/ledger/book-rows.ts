import type { Card } from '@tearoff/contracts';
import type { CardVersion } from '../cards/card-cache';
import { Book, type Holder, type Standing } from './book';
import type { HoldingRow, LotColumns, StandingRow } from './books.sql';
import { Lots, type Lot } from './lots';

/** An enrolment with all that is read beside its row. */
export interface Holding {
  standing: Standing;
  card: CardVersion;
  holder: Holder;
  lots: Lot[];
}

/** As `keyOf` of what the row is of. */
export const rowKey = (row: { card_id: string; member_id: string }): string =>
  `${row.card_id} ${row.member_id}`;

export function holdingsOf(
  standings: readonly StandingRow[],
  rows: readonly HoldingRow[],
): Map<string, Holding> {
  const standingsByKey = new Map(standings.map((row) => [rowKey(row), row]));
  const holdings = new Map<string, Holding>();
  for (const row of rows) {
    const key = rowKey(row);
    const holding = holdings.get(key) ?? holdingOf(standingsByKey.get(key)!, row);
    if (row.seq !== null) holding.lots.push(lotOf(row));
    holdings.set(key, holding);
  }
  return holdings;
}

export const bookOf = ({ card, standing, lots, holder }: Holding, cards: ReadonlyMap<string, Card>): Book =>
  new Book(cards.get(card.id)!, standing, new Lots(lots), holder);

const holdingOf = (standing: StandingRow, row: HoldingRow): Holding => ({
  standing: standingOf(standing),
  card: { id: row.card_id, version: row.card_version },
  holder: {
    phone: row.phone,
    email: row.email,
    externalId: row.external_id,
    firstName: row.first_name,
    lastName: row.last_name,
    languageCode: row.language_code,
  },
  lots: [],
});

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

export const standingRow = ({ standing, nextDueAt }: Book) => ({
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

const lotOf = (row: LotColumns): Lot => ({
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

export const lotRow = ({ standing: { cardId, memberId } }: Book, lot: Lot) => ({
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
