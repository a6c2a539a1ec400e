import { CouponIssued, newId } from '@tearoff/contracts';
import { openLanes } from '../../../apps/issuance/src/campaigns/campaign-counters';
import { CampaignEntity } from '../../../apps/issuance/src/campaigns/campaign.entity';
import { CodeGenerator } from '../../../apps/issuance/src/codes/code-format';
import { examine, type IssueRequest } from '../../../apps/issuance/src/coupons/issue-request';
import { draftOf, rowOf } from '../../../apps/issuance/src/coupons/draft';
import { issueStatement, issueValues } from '../../../apps/issuance/src/coupons/issue.sql';
import { termsOf } from '../../../apps/issuance/src/coupons/terms';
import { openIssuanceDatabase } from '../../../apps/issuance/src/database';
import type { Bench } from '../bench';
import { copyRows, type BenchCampaign } from '../data/campaign';
import { nextPhone } from '../data/recipients';
import type { Deployment } from '../deployment/deployment';
import type { LoopResult } from '../limits/statement-loop';

/** More than the loop can use up. */
const couponsPerSecond = 7_000;

/** The service's own statement for one coupon of this campaign, from a bare loop in a database where nothing else works. */
export async function issueLoop(
  bench: Bench,
  deployment: Deployment,
  campaign: BenchCampaign,
): Promise<(seconds: number) => Promise<LoopResult & { value: number }>> {
  const { url, entity } = await limitDatabase(bench, deployment.databaseUrl, campaign);
  return (seconds) =>
    bench.loop(deployment, {
      url,
      service: 'issuance',
      seconds,
      statement: issueStatement,
      values: Array.from({ length: Math.ceil(seconds * couponsPerSecond) }, (_, n) => valuesOf(entity, n)),
      succeeds: 'issued',
    });
}

async function limitDatabase(
  bench: Bench,
  serviceUrl: string,
  { id }: BenchCampaign,
): Promise<{ url: string; entity: CampaignEntity }> {
  const { url } = await bench.database('limit');
  const dataSource = await openIssuanceDatabase(url, 2);
  try {
    await bench.onServer(
      (service) =>
        bench.onServer(async (limit) => {
          await copyRows(service, limit, 'issuance.campaign', 'id', id);
          await copyRows(service, limit, 'issuance.campaign_counter', 'campaign_id', id);
        }, url),
      serviceUrl,
    );
    return { url, entity: await dataSource.manager.findOneByOrFail(CampaignEntity, { id }) };
  } finally {
    await dataSource.destroy();
  }
}

/** One coupon for one new person, as the service would write it. */
function valuesOf(campaign: CampaignEntity, n: number): unknown[] {
  const now = new Date();
  const terms = termsOf(campaign, now);
  const request = {
    accountId: campaign.accountId,
    campaignId: campaign.id,
    recipient: { phone: nextPhone(), firstName: 'Ann' },
  };
  const examined = examine(request, campaign, now);
  if ('outcome' in examined) throw new Error(JSON.stringify(examined));
  const ask: IssueRequest = { ...examined, position: 0, context: { correlationId: newId('event') } };
  const code = new CodeGenerator(campaign.codes).next();
  const draft = draftOf(ask, terms, { code, printedCode: null, ticket: null }, null);
  return issueValues({
    campaignId: campaign.id,
    accountId: campaign.accountId,
    lane: 1 + (n % openLanes),
    slots: ask.keys.map((key) => ({ key, period: terms.period, n: 1, couponId: draft.coupon.id })),
    drafts: [rowOf(draft)],
    ...terms,
    tickets: 0,
    eventType: CouponIssued.type,
    eventId: newId('event'),
  });
}
