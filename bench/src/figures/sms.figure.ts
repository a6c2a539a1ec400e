import { join } from 'node:path';
import { createCampaign } from '../data/campaign';
import { nextPhone } from '../data/recipients';
import { authHeaders } from '../deployment/api';
import type { Figure } from '../figure';
import type { PostOrder } from '../limits/poster.worker';
import { compare, type Run } from '../rounds';
import { Worker } from '../workers/worker';

const requestsPerSecond = 5_000;

/** Coupons issued with an SMS each, until the last one has reached the provider's stand-in. */
export const sms: Figure = {
  name: 'sms',
  needsBroker: false,
  async run(bench) {
    const { warmUp } = bench.options;
    const deployment = await bench.standalone();
    const provider = await bench.smsProvider();
    const campaign = await createCampaign(bench, deployment);

    const ours = async (span: number) => {
      await provider.reset();
      const costs = await bench.meter(deployment);
      const issued = await bench.hit(deployment, {
        port: deployment.port,
        connections: 64,
        seconds: span,
        path: '/v1/coupons',
        headers: authHeaders,
        bodies: Array.from({ length: Math.ceil(span * requestsPerSecond) }, () =>
          JSON.stringify({
            campaignId: campaign.id,
            recipient: { phone: nextPhone(), firstName: 'Ann' },
            channel: 'sms',
          }),
        ),
        repeat: false,
        expected: 201,
      });
      const arrivals = await provider.arrivals(issued.answered);
      bench.tell(`  to the provider${costs(arrivals.length)}`);
      const elapsedMs = (arrivals.at(-1) ?? Infinity) - issued.startedAt;
      // One too many is as wrong as one too few.
      const errors = issued.errors + Math.abs(issued.answered - arrivals.length);
      return { value: (arrivals.length / elapsedMs) * 1_000, errors };
    };
    await ours(warmUp);
    const poster = bench.worker(new Worker(join(__dirname, '../limits/poster.worker')));
    const body = await provider.lastBody();
    const limit = async (span: number): Promise<Run> => {
      await bench.calm(deployment);
      await provider.reset();
      const order: PostOrder = { port: provider.port, connections: 50, seconds: span, body };
      return poster.ask('run', order);
    };
    await limit(warmUp / 2);
    const compared = await compare(bench, { limit, ours });
    await poster.stop();
    return [
      {
        name: 'SMS sent, from issue to the provider, one process',
        limitIs: 'bare keep-alive POSTs of node:http to the same stand-in, 50 connections',
        reach: { atLeast: 0.1, aim: 0.3 },
        ...compared,
      },
    ];
  },
};
