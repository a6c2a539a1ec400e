import { CouponIssued, newId } from '@tearoff/contracts';
import { openLanes } from '../../../apps/issuance/src/campaigns/campaign-counters';
import { CampaignEntity } from '../../../apps/issuance/src/campaigns/campaign.entity';
import { CodeGenerator } from '../../../apps/issuance/src/codes/code-format';
import { examine, type Ask } from '../../../apps/issuance/src/coupons/ask';
import { draftOf, rowOf } from '../../../apps/issuance/src/coupons/draft';
import { issueStatement, issueValues } from '../../../apps/issuance/src/coupons/issue.sql';
import { termsOf } from '../../../apps/issuance/src/coupons/terms';
import { openIssuanceDatabase } from '../../../apps/issuance/src/database';
import type { Bench } from '../bench';
import { copyRows, createCampaign, type BenchCampaign } from '../data/campaign';
import { nextPhone } from '../data/recipients';
import { authHeaders } from '../deployment/api';
import type { Figure } from '../figure';
import { errorsOf, interleave, medianRate } from '../rounds';

const requestsASecond = 7_000;

/** Coupons for people who have none yet, over HTTP against one process. */
export const issue: Figure = {
  name: 'issue',
  needsBroker: false,
  async run(bench) {
    const { seconds, rounds, warmUp } = bench.options;
    const deployment = await bench.standalone();
    const campaign = await createCampaign(bench, deployment);
    const { url, entity } = await limitDatabase(bench, deployment.databaseUrl, campaign);

    const ours = async (span: number) => {
      return bench.hit(deployment, {
        port: deployment.port,
        connections: 64,
        seconds: span,
        path: '/v1/coupons',
        headers: authHeaders,
        bodies: Array.from({ length: Math.ceil(span * requestsASecond) }, () =>
          JSON.stringify({ campaignId: campaign.id, recipient: { phone: nextPhone(), firstName: 'Ann' } }),
        ),
        repeat: false,
        expected: 201,
      });
    };
    const limit = async (span: number) => {
      return bench.loop(deployment, {
        url,
        service: 'issuance',
        seconds: span,
        statement: issueStatement,
        values: Array.from({ length: Math.ceil(span * requestsASecond) }, (_, n) => valuesOf(entity, n)),
        succeeds: 'issued',
      });
    };
    await limit(warmUp / 2);
    await ours(warmUp);
    const runs = await interleave(
      rounds,
      { limit: () => limit(seconds), ours: () => ours(seconds) },
      (line) => bench.tell(line),
    );
    return [
      {
        name: 'coupons issued over HTTP, one process, 64 connections',
        measured: medianRate(runs.ours),
        unit: '/s',
        limitIs: 'bare pg loop, same statement, one row, 32 connections',
        limit: medianRate(runs.limit),
        reach: { atLeast: 0.5 },
        errors: errorsOf(runs.limit, runs.ours),
      },
    ];
  },
};

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
  const ask: Ask = { ...examined, position: 0, context: { correlationId: newId('event') } };
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
