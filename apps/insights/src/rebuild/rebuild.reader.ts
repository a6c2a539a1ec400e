import { Injectable } from '@nestjs/common';
import {
  ListCampaigns,
  ListDeliveries,
  ListRedemptions,
  SearchCoupons,
  type CommandDefinition,
  type Coupon,
  type RequestOf,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { liveGeneration } from './generations';
import { CampaignsProjection } from '../campaigns/campaigns.projection';
import {
  deliveryFact,
  issueFact,
  keyOf,
  redemptionFact,
  type OpeningFact,
  type VoidFact,
} from '../facts/facts';
import { FactsWriter } from '../facts/facts.writer';
import { RebuildService, type Run } from './rebuild.service';

type List = typeof ListCampaigns | typeof ListDeliveries | typeof ListRedemptions | typeof SearchCoupons;
type ItemOfList<C extends List> =
  C extends CommandDefinition<infer _, infer R>
    ? R extends { static: { data: (infer Item)[] } }
      ? Item
      : never
    : never;

const pageSize = 500;

/**
 * Fills a generation with what the owners say now. What happens while it reads comes as an event to the same
 * generation, and both merge to the same: so no list has to be read at one instant.
 */
@Injectable()
export class RebuildReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly commands: CommandClient,
    private readonly rebuilds: RebuildService,
    private readonly campaigns: CampaignsProjection,
    private readonly facts: FactsWriter,
  ) {}

  /** Ends between two pages, with the signal's reason, when it is aborted. */
  async read(run: Run, signal: AbortSignal): Promise<void> {
    const { generation } = run;
    await this.each(run, signal, ListCampaigns, (page) =>
      this.rebuilds.write(run, 'campaigns', page.length, (tx) => this.campaigns.store(tx, page, generation)),
    );
    await this.each(run, signal, SearchCoupons, (page) =>
      this.rebuilds.write(run, 'coupons', page.length, async (tx) => {
        await this.facts.issued(
          tx,
          page.map((coupon) => issueFact(ofCoupon(coupon))),
          generation,
        );
        await this.facts.voided(tx, page.flatMap(voidOf), generation);
      }),
    );
    await this.each(run, signal, ListRedemptions, (page) =>
      this.rebuilds.write(run, 'redemptions', page.length, (tx) => {
        const facts = page.map(({ id, ...redemption }) =>
          redemptionFact({ redemptionId: id, ...redemption }),
        );
        return this.facts.redeemed(tx, facts, generation);
      }),
    );
    await this.each(run, signal, ListDeliveries, (page) =>
      this.rebuilds.write(run, 'deliveries', page.length, (tx) => {
        const facts = page.map(deliveryFact).filter((fact) => fact !== null);
        return this.facts.delivered(tx, facts, generation);
      }),
    );
    await this.reopen(run, signal);
    await this.revoid(run, signal);
  }

  private async each<C extends List>(
    { accountId }: Run,
    signal: AbortSignal,
    command: C,
    take: (page: ItemOfList<C>[]) => Promise<void>,
  ): Promise<void> {
    let cursor: string | null = null;
    do {
      signal.throwIfAborted();
      const request = { accountId, limit: pageSize, ...(cursor !== null && { cursor }) } as RequestOf<C>;
      const page = (await this.commands.send(command, request, { deadlineMs: 30_000 })) as unknown as {
        data: ItemOfList<C>[];
        nextCursor: string | null;
      };
      await take(page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /** Only events told of the openings: they come from our own history. */
  private async reopen(run: Run, signal: AbortSignal): Promise<void> {
    for (let after = ''; ;) {
      signal.throwIfAborted();
      const page = (await this.dataSource.query(
        `select account_id, coupon_id, campaign_id, opened_at from face_opening
         where account_id = $1 and coupon_id > $2 order by coupon_id limit 5000`,
        [run.accountId, after],
      )) as OpeningFact[];
      if (page.length === 0) return;
      after = page.at(-1)!.coupon_id;
      await this.rebuilds.write(run, 'coupons', 0, (tx) => this.facts.reopened(tx, page, run.generation));
    }
  }

  /**
   * Issuance hears of a void when we do: its list may lack one that we were told of before this generation was there.
   * What is void stays void, so what is shown of it is kept.
   */
  private async revoid(run: Run, signal: AbortSignal): Promise<void> {
    for (let after = ''; ;) {
      signal.throwIfAborted();
      const page = (await this.dataSource.query(shownVoids, [run.accountId, after])) as VoidFact[];
      if (page.length === 0) return;
      after = page.at(-1)!.coupon_id;
      await this.rebuilds.write(run, 'coupons', 0, (tx) => this.facts.voided(tx, page, run.generation));
    }
  }
}

/** A page of what is shown now of an account's voids; `$2`: after this coupon. */
const shownVoids = `
  select account_id, coupon_id, campaign_id, voided_at from coupon_fact
  where account_id = $1 and generation = ${liveGeneration} and coupon_id > $2 and voided_at is not null
  order by coupon_id limit 5000`;

const ofCoupon = ({ id, ...coupon }: Coupon) => ({ couponId: id, ...coupon });
const voidOf = (coupon: Coupon): VoidFact[] =>
  coupon.voidedAt === null ? [] : [{ ...keyOf(ofCoupon(coupon)), voided_at: coupon.voidedAt }];
