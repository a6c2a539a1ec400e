import { createCampaign } from '../data/campaign';
import { nextPhone } from '../data/recipients';
import { authHeaders } from '../deployment/api';
import type { Figure } from '../figure';
import { compare } from '../rounds';
import { issueLoop } from './issue-loop';

const requestsPerSecond = 7_000;

/** Coupons for people who have none yet, over HTTP against one process. */
export const issue: Figure = {
  name: 'issue',
  needsBroker: false,
  async run(bench) {
    const { warmUp } = bench.options;
    const deployment = await bench.standalone();
    const campaign = await createCampaign(bench, deployment);
    const limit = await issueLoop(bench, deployment, campaign);

    const ours = async (span: number) => {
      return bench.hit(deployment, {
        port: deployment.port,
        connections: 64,
        seconds: span,
        path: '/v1/coupons',
        headers: authHeaders,
        bodies: Array.from({ length: Math.ceil(span * requestsPerSecond) }, () =>
          JSON.stringify({ campaignId: campaign.id, recipient: { phone: nextPhone(), firstName: 'Ann' } }),
        ),
        repeat: false,
        expected: 201,
      });
    };
    await limit(warmUp / 2);
    await ours(warmUp);
    const compared = await compare(bench, { limit, ours });
    return [
      {
        name: 'coupons issued over HTTP, one process, 64 connections',
        limitIs: 'bare pg loop, same statement, one row, 32 connections',
        reach: { atLeast: 0.5 },
        ...compared,
      },
    ];
  },
};
