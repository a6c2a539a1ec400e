import { Injectable } from '@nestjs/common';
import { prepared, type PreparedStatement } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';
import type { CouponKey, DeliveryFact, IssueFact, OpeningFact, RedemptionFact, VoidFact } from './facts';
import {
  deliveryStatement,
  issueStatement,
  openingHistoryStatement,
  openingStatement,
  redemptionStatement,
  spentStatement,
  voidStatement,
} from './facts.sql';

/**
 * Merges facts into the read models, in the caller's transaction, which holds `oneWriter`. `generation`: that one
 * alone, for a rebuild; without it all that are alive.
 */
@Injectable()
export class FactsWriter {
  issued(tx: EntityManager, facts: readonly IssueFact[], generation?: number): Promise<void> {
    return write(
      tx,
      issueStatement,
      byCoupon(facts, (_, later) => later),
      generation,
    );
  }

  delivered(tx: EntityManager, facts: readonly DeliveryFact[], generation?: number): Promise<void> {
    const merged = byCoupon(facts, (one, other) => (one.delivered ? one : other));
    return write(
      tx,
      deliveryStatement,
      merged.map((fact) => ({ ...fact, sent: true })),
      generation,
    );
  }

  voided(tx: EntityManager, facts: readonly VoidFact[], generation?: number): Promise<void> {
    const merged = byCoupon(facts, (one, other) => (one.voided_at <= other.voided_at ? one : other));
    return write(tx, voidStatement, merged, generation);
  }

  async opened(tx: EntityManager, facts: readonly OpeningFact[]): Promise<void> {
    const merged = byCoupon(facts, (one, other) => (one.opened_at <= other.opened_at ? one : other));
    if (merged.length === 0) return;
    await prepared(tx, openingHistoryStatement, [JSON.stringify(merged)]);
    await write(tx, openingStatement, merged);
  }

  /** Openings that `face_opening` has already. */
  reopened(tx: EntityManager, facts: readonly OpeningFact[], generation: number): Promise<void> {
    return write(tx, openingStatement, facts, generation);
  }

  async redeemed(tx: EntityManager, facts: readonly RedemptionFact[], generation?: number): Promise<void> {
    const merged = new Map<string, RedemptionFact>();
    for (const fact of facts) {
      const known = merged.get(fact.redemption_id);
      merged.set(fact.redemption_id, known ? together(known, fact) : fact);
    }
    const rows = [...merged.values()];
    await write(tx, redemptionStatement, rows, generation);
    const keys = rows.map(({ account_id, coupon_id, campaign_id }) => ({
      account_id,
      coupon_id,
      campaign_id,
    }));
    await write(tx, spentStatement, keys, generation);
  }
}

async function write(
  tx: EntityManager,
  statement: PreparedStatement,
  rows: readonly object[],
  generation?: number,
): Promise<void> {
  if (rows.length > 0) await prepared(tx, statement, [JSON.stringify(rows), generation ?? null]);
}

/** A statement may touch a row once only. */
function byCoupon<T extends CouponKey>(facts: readonly T[], merge: (one: T, other: T) => T): T[] {
  const merged = new Map<string, T>();
  for (const fact of facts) {
    const known = merged.get(fact.coupon_id);
    merged.set(fact.coupon_id, known ? merge(known, fact) : fact);
  }
  return [...merged.values()];
}

const together = (one: RedemptionFact, other: RedemptionFact): RedemptionFact => ({
  ...one,
  channel: one.channel ?? other.channel,
  currency: one.currency ?? other.currency,
  revenue: one.revenue ?? other.revenue,
  discount: one.discount ?? other.discount,
  reversed_at: one.reversed_at ?? other.reversed_at,
});
