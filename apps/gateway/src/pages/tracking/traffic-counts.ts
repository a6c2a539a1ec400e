import { randomUUID } from 'node:crypto';
import type { TrafficItem } from '@tearoff/contracts';
import type { SourceValue } from './source-of-query';

export type Hit = 'views' | 'clicks' | 'botViews' | 'botClicks';
type Totals = Omit<TrafficItem, 'accountId'>;

/** Zones are whole quarters of an hour apart from UTC, so a quarter never belongs to two days. */
const quarterMs = 15 * 60_000;
const dayMs = 86_400_000;
const maxSources = 1_000;
const maxStrangers = 1_000;
const rest: SourceValue = { medium: 'other' };

/**
 * Views and clicks in memory, added up by campaign, source and quarter of an hour: a hit costs a look into a map.
 * A stranger chooses campaign and source, so both are bounded: what comes from a campaign's thousand-and-first
 * source of a day (UTC) is counted under `other`, and of campaigns that no one has vouched for yet only so many are
 * counted. By the day, or anyone who made up a thousand once would have hidden every ad that comes later.
 */
export class TrafficCounts {
  /** New with each start: totals begin at nought then. */
  private readonly counter = randomUUID();
  private readonly totals = new Map<string, Totals>();
  private readonly sources = new Map<string, Set<string>>();
  private readonly confirmed = new Set<string>();
  private changed = new Set<Totals>();
  private day = 0;

  count(campaignId: string, source: SourceValue, hit: Hit, now = Date.now()): void {
    this.beginDay(Math.floor(now / dayMs));
    const bounded = this.bounded(campaignId, source);
    if (!bounded) return;
    const intervalStart = new Date(now - (now % quarterMs)).toISOString();
    const key = `${campaignId} ${intervalStart} ${textOf(bounded)}`;
    let totals = this.totals.get(key);
    if (!totals) {
      const none = { views: 0, clicks: 0, botViews: 0, botClicks: 0 };
      totals = { campaignId, counter: this.counter, source: bounded, intervalStart, ...none };
      this.totals.set(key, totals);
    }
    totals[hit]++;
    this.changed.add(totals);
  }

  /** What has changed since it was last taken. */
  take(): Totals[] {
    const taken = [...this.changed];
    this.changed = new Set();
    return taken;
  }

  /** It could not be told: it is to be taken again. */
  putBack(taken: readonly Totals[]): void {
    for (const totals of taken) this.changed.add(totals);
  }

  confirm(campaignId: string): void {
    if (this.sources.has(campaignId)) this.confirmed.add(campaignId);
  }

  /** There is no such campaign. */
  forget(campaignId: string): void {
    this.sources.delete(campaignId);
    for (const [key, totals] of this.totals) if (totals.campaignId === campaignId) this.totals.delete(key);
  }

  /** Lets go of quarters that are over and told. */
  prune(now = Date.now()): void {
    const over = new Date(now - quarterMs).toISOString();
    for (const [key, totals] of this.totals)
      if (totals.intervalStart < over && !this.changed.has(totals)) this.totals.delete(key);
  }

  private beginDay(day: number): void {
    if (day === this.day) return;
    this.day = day;
    this.sources.clear();
    this.confirmed.clear();
  }

  private bounded(campaignId: string, source: SourceValue): SourceValue | null {
    let known = this.sources.get(campaignId);
    if (!known) {
      if (this.sources.size - this.confirmed.size >= maxStrangers) return null;
      this.sources.set(campaignId, (known = new Set()));
    }
    const text = textOf(source);
    if (known.has(text)) return source;
    if (known.size >= maxSources) return rest;
    known.add(text);
    return source;
  }
}

const textOf = (source: SourceValue): string => JSON.stringify(source);
