import { newId } from '@tearoff/contracts';
import { openRedemptionDatabase } from '../../../apps/redemption/src/database';
import { questionOf } from '../../../apps/redemption/src/redemptions/question';
import { redeemStatement, redeemValues } from '../../../apps/redemption/src/redemptions/redeem.sql';
import type { Bench } from '../bench';
import { copyRows, createCampaign, type BenchCampaign } from '../data/campaign';
import { loadIssuance, loadRedemption, makeCoupons, type BulkCoupon } from '../data/coupons';
import { authHeaders } from '../deployment/api';
import type { Deployment } from '../deployment/deployment';
import type { LoopResult } from '../limits/statement-loop';
import type { LoadResult } from '../load/load';

/** More than the fastest part can use up; a part that does ends early. */
const couponsPerSecond = 7_000;

/** The same number of good coupons twice: in the service's database, and in one where only the bare loop works. */
export class RedeemGround {
  private constructor(
    private readonly bench: Bench,
    readonly deployment: Deployment,
    private readonly campaign: BenchCampaign,
    private readonly limitUrl: string,
    private readonly forLimit: BulkCoupon[],
    private readonly forService: BulkCoupon[],
  ) {}

  /** `parts`: how many measurements of the service share it. */
  static async prepare(bench: Bench, deployment: Deployment, parts: number): Promise<RedeemGround> {
    const { seconds, rounds, warmUp } = bench.options;
    const count = Math.ceil((seconds * rounds + warmUp) * couponsPerSecond) * parts;
    const [forLimit, forService] = [makeCoupons(count), makeCoupons(count)];
    const { url } = await bench.database('limit');
    await (await openRedemptionDatabase(url, 2)).destroy();
    const campaign = await createCampaign(bench, deployment);
    await bench.onServer(
      (service) =>
        bench.onServer(async (limit) => {
          await copyRows(service, limit, 'redemption.campaign', 'id', campaign.id);
          await loadRedemption(limit, campaign, forLimit);
          await loadRedemption(service, campaign, forService);
          await loadIssuance(service, campaign, forService);
        }, url),
      deployment.databaseUrl,
    );
    return new RedeemGround(bench, deployment, campaign, url, forLimit, forService);
  }

  /** The service's own statement, one row at a time, from a bare loop. */
  async limit(seconds: number): Promise<LoopResult & { value: number }> {
    const coupons = this.forLimit.splice(0, Math.ceil(seconds * couponsPerSecond));
    return this.bench.loop(this.deployment, {
      url: this.limitUrl,
      service: 'redemption',
      seconds,
      statement: redeemStatement,
      values: coupons.map(({ code }) => redeemValues([this.spending(code)])),
      succeeds: 'spent',
    });
  }

  /** POST /v1/redemptions. */
  async ours(connections: number, seconds: number): Promise<LoadResult & { value: number }> {
    const coupons = this.forService.splice(0, Math.ceil(seconds * couponsPerSecond));
    return this.bench.hit(this.deployment, {
      port: this.deployment.port,
      connections,
      seconds,
      path: '/v1/redemptions',
      headers: authHeaders,
      bodies: coupons.map(({ code }) =>
        JSON.stringify({ code, storeId: 'store-1', transactionRef: `till-3/${code}` }),
      ),
      repeat: false,
      expected: 201,
    });
  }

  private spending(code: string) {
    const hex = '0af7651916cd43dd8448eb211c80319c';
    const context = {
      correlationId: '6f1f6c0e-5d9e-4c39-9a0b-0f4f0a6a3a11',
      traceparent: `00-${hex}-${hex.slice(0, 16)}-01`,
    };
    return {
      ...questionOf(
        { accountId: this.campaign.accountId, storeId: 'store-1' },
        { code, otherCode: null },
        0,
        context,
      ),
      terminalId: null,
      transactionRef: `till-3/${code}`,
      basketJson: null,
      newRedemptionId: newId('redemption'),
    };
  }
}
