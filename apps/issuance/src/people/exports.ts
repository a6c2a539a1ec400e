import { Injectable } from '@nestjs/common';
import type { PersonRef } from '@tearoff/contracts';
import { DataSource, In } from 'typeorm';
import { CampaignsService } from '../campaigns/campaigns.service';
import { Clock } from '@tearoff/service-kit';
import { CouponEntity } from '../coupons/coupon.entity';
import { couponOf } from '../coupons/coupon.view';
import { PlayerEntity } from '../games/player.entity';
import { keysOfPerson } from './person-keys';
import { couponsOf, playersOf, type Found } from './person.sql';

const most = 10_000;

@Injectable()
export class Exports {
  constructor(
    private readonly dataSource: DataSource,
    private readonly campaigns: CampaignsService,
    private readonly clock: Clock,
  ) {}

  async of(accountId: string, person: PersonRef): Promise<Record<string, Record<string, unknown>[]>> {
    const keys = keysOfPerson(person);
    return {
      coupons: await this.coupons(await couponsOf(this.dataSource, accountId, keys)),
      players: await this.players(await playersOf(this.dataSource, accountId, keys)),
    };
  }

  private async coupons(found: readonly Found[]): Promise<Record<string, unknown>[]> {
    const rows = await this.dataSource.manager.find(CouponEntity, {
      where: { id: In(newest(found)) },
      order: { id: 'DESC' },
    });
    const campaigns = await this.campaigns.byId(rows.map(({ campaignId }) => campaignId));
    return rows.map((row) => {
      // Not the token: anyone who reads an export must not thereby have the coupon's page.
      const {
        accountId: _,
        token: __,
        ...coupon
      } = couponOf(row, campaigns.get(row.campaignId)!, this.clock.now());
      return { ...coupon, deliveries: row.deliveries };
    });
  }

  private async players(found: readonly Found[]): Promise<Record<string, unknown>[]> {
    const ids = newest(found);
    const rows = await this.dataSource.manager.find(PlayerEntity, {
      where: { id: In(ids) },
      order: { id: 'DESC' },
    });
    const plays = await this.dataSource.query<{ playerId: string; [member: string]: unknown }[]>(
      `select player_id as "playerId", period, outcome, offer_id as "offerId", coupon_id as "couponId",
              drawn_at as "drawnAt"
       from play where player_id = any($1::text[]) order by drawn_at desc`,
      [ids],
    );
    return rows.map(({ id, campaignId, recipient, createdAt }) => ({
      id,
      campaignId,
      recipient,
      createdAt: createdAt.toISOString(),
      plays: plays.filter(({ playerId }) => playerId === id).map(({ playerId: _, ...play }) => play),
    }));
  }
}

const newest = (found: readonly Found[]): string[] =>
  found
    .map(({ id }) => id)
    .sort()
    .reverse()
    .slice(0, most);
