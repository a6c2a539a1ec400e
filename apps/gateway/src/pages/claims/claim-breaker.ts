import { Injectable, Logger } from '@nestjs/common';
import { ClaimsHalted } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import type { NewClaim } from './claim-queue';
import { breaker } from './claim-settings';

export interface GateState {
  status: 'open' | 'halted';
  /** Messages that public claims brought out since `since`, and how many of them someone has followed. */
  served: number;
  opened: number;
  since: string | null;
}

const gate = {
  name: 'claim-gate',
  text: `select halted_at is not null as halted from claim_gate where campaign_id = $1`,
};

type OfCampaign = Pick<NewClaim, 'accountId' | 'campaignId'>;

/** Stops a campaign's public claims when hardly anyone opens what they bring: then no people are behind them. */
@Injectable()
export class ClaimBreaker {
  private readonly log = new Logger(ClaimBreaker.name);
  private readonly unreviewed = new Map<string, string>();
  private reviewedAt = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  async isHalted(campaignId: string): Promise<boolean> {
    const [row] = await prepared<{ halted: boolean }>(this.dataSource, gate, [campaignId]);
    return row?.halted ?? false;
  }

  served(claims: readonly OfCampaign[]): void {
    for (const { campaignId, accountId } of claims) this.unreviewed.set(campaignId, accountId);
  }

  /** Messages of a claim that was served at once; those known already count once. */
  async sent(claim: OfCampaign, ids: readonly string[]): Promise<void> {
    await this.dataSource.query(
      `insert into claim_message (id, campaign_id) select unnest($1::text[]), $2 on conflict do nothing`,
      [ids, claim.campaignId],
    );
    this.served([claim]);
  }

  /** Looks, at most once a minute, at the campaigns that this process has served. */
  async review(now = Date.now()): Promise<void> {
    if (this.unreviewed.size === 0 || now - this.reviewedAt < breaker.everyMs) return;
    this.reviewedAt = now;
    const campaigns = [...this.unreviewed];
    this.unreviewed.clear();
    for (const [campaignId, accountId] of campaigns) await this.judge(accountId, campaignId);
  }

  async state(campaignId: string): Promise<GateState> {
    const [row] = await this.dataSource.query<
      [{ halted: boolean; since: Date | null; served: number; opened: number }]
    >(
      `select coalesce(bool_or(g.halted_at is not null), false) as halted,
              coalesce(max(g.since), min(c.served_at)) as since,
              count(c.id)::int as served, count(c.opened_at)::int as opened
         from (select $1::text as id) campaign
         left join claim_gate g on g.campaign_id = campaign.id
         left join claim_message c on c.campaign_id = campaign.id and c.served_at >= coalesce(g.since, '-infinity')`,
      [campaignId],
    );
    const { halted, since, served, opened } = row;
    return { status: halted ? 'halted' : 'open', served, opened, since: since?.toISOString() ?? null };
  }

  /** Opens it again; what went before is not held against it. */
  async resume(campaignId: string): Promise<void> {
    await this.dataSource.query(
      `insert into claim_gate (campaign_id) values ($1)
       on conflict (campaign_id) do update set halted_at = null, since = now() where claim_gate.halted_at is not null`,
      [campaignId],
    );
  }

  /** Halts the claims of one campaign if it must be; another process that looks at the same moment changes nothing. */
  async judge(accountId: string, campaignId: string): Promise<void> {
    const halted = await this.outbox.transaction(async (tx) => {
      const [{ served, opened, since }] = await tx.query<[{ served: number; opened: number; since: Date }]>(
        `select count(*)::int as served, count(opened_at)::int as opened, min(served_at) as since
           from (select served_at, opened_at from claim_message
                  where campaign_id = $1 and served_at < now() - $2 * interval '1 min'
                    and served_at >= coalesce((select since from claim_gate where campaign_id = $1), '-infinity')
                  order by served_at desc limit $3) newest`,
        [campaignId, breaker.afterMinutes, breaker.newest],
      );
      if (served < breaker.served || opened >= served * breaker.opened) return null;
      // Several gateways may see it at once: one of them tells.
      const rows = await tx.query<unknown[]>(
        `insert into claim_gate as gate (campaign_id, since, halted_at) values ($1, $2, now())
         on conflict (campaign_id) do update set halted_at = now() where gate.halted_at is null returning campaign_id`,
        [campaignId, since],
      );
      if (rows.length === 0) return null;
      const at = new Date().toISOString();
      await this.outbox.add(tx, ClaimsHalted, [{ accountId, campaignId, served, opened, at }]);
      return { served, opened };
    });
    if (halted)
      this.log.warn(
        `public claims of ${campaignId} are halted: of ${halted.served} messages ${halted.opened} were followed`,
      );
  }
}
