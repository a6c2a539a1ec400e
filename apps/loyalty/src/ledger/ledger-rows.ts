import type { Card } from '@tearoff/contracts';
import type { CardVersion } from '../cards/card-cache';
import { Ledger, type Holder, type EnrolmentState } from './ledger';
import type { HoldingRow, LotColumns, EnrolmentRow } from './ledgers.sql';
import { Lots, type Lot } from './lots';

/** An enrolment with all that is read beside its row. */
export interface Holding {
  state: EnrolmentState;
  card: CardVersion;
  holder: Holder;
  lots: Lot[];
}

/** As `keyOf` of what the row is of. */
export const rowKey = (row: { card_id: string; member_id: string }): string =>
  `${row.card_id} ${row.member_id}`;

export function holdingsOf(
  states: readonly EnrolmentRow[],
  rows: readonly HoldingRow[],
): Map<string, Holding> {
  const statesByKey = new Map(states.map((row) => [rowKey(row), row]));
  const holdings = new Map<string, Holding>();
  for (const row of rows) {
    const key = rowKey(row);
    const holding = holdings.get(key) ?? holdingOf(statesByKey.get(key)!, row);
    if (row.seq !== null) holding.lots.push(lotOf(row));
    holdings.set(key, holding);
  }
  return holdings;
}

export const ledgerOf = ({ card, state, lots, holder }: Holding, cards: ReadonlyMap<string, Card>): Ledger =>
  new Ledger(cards.get(card.id)!, state, new Lots(lots), holder);

const holdingOf = (state: EnrolmentRow, row: HoldingRow): Holding => ({
  state: answerForRepeats(state),
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

const answerForRepeats = (row: EnrolmentRow): EnrolmentState => ({
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

export const enrolmentRow = ({ state, nextDueAt }: Ledger) => ({
  card_id: state.cardId,
  member_id: state.memberId,
  balance: state.balance,
  debt: state.debt,
  entries: state.entries,
  tier: state.tier,
  resting: state.resting,
  idle_until: state.idleUntil,
  settled_at: state.settledAt,
  last_activity_at: state.lastActivityAt,
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

export const lotRow = ({ state: { cardId, memberId } }: Ledger, lot: Lot) => ({
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
