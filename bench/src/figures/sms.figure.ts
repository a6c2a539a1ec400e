import { createCampaign } from '../data/campaign';
import { nextPhone } from '../data/recipients';
import { authHeaders } from '../deployment/api';
import type { Figure } from '../figure';
import { load } from '../load/load';
import { errorsOf, interleave, medianRate } from '../rounds';

const requestsASecond = 5_000;

/** Coupons issued with an SMS each, until the last one has reached the provider's stand-in. */
export const sms: Figure = {
  name: 'sms',
  needsBroker: false,
  async run(bench) {
    const { seconds, rounds, warmUp } = bench.options;
    const deployment = await bench.standalone();
    const provider = await bench.smsProvider();
    const campaign = await createCampaign(bench, deployment);

    const ours = async (span: number) => {
      await bench.calm(deployment);
      await provider.reset();
      const issued = await load(bench.load(), {
        port: deployment.port,
        connections: 64,
        seconds: span,
        path: '/v1/coupons',
        headers: authHeaders,
        bodies: Array.from({ length: Math.ceil(span * requestsASecond) }, () =>
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
      const elapsedMs = (arrivals.at(-1) ?? Infinity) - issued.startedAt;
      // One too many is as wrong as one too few.
      const errors = issued.errors + Math.abs(issued.answered - arrivals.length);
      return { value: (arrivals.length / elapsedMs) * 1_000, errors };
    };
    await ours(warmUp);
    const body = await provider.lastBody();
    const limit = async (span: number) => {
      await bench.calm(deployment);
      await provider.reset();
      return load(bench.load(), {
        port: provider.port,
        connections: 50,
        seconds: span,
        path: '/v1/messages',
        headers: { accept: 'application/json', authorization: 'Basic YmVuY2g6YmVuY2g=' },
        bodies: [body],
        repeat: true,
        expected: 202,
      });
    };
    await limit(warmUp / 2);
    const runs = await interleave(
      rounds,
      { limit: () => limit(seconds), ours: () => ours(seconds) },
      (line) => bench.tell(line),
    );
    return [
      {
        name: 'SMS sent, from issue to the provider, one process',
        measured: medianRate(runs.ours),
        unit: '/s',
        limitIs: "raw keep-alive POSTs to the provider's stand-in, 50 connections",
        limit: medianRate(runs.limit),
        reach: { atLeast: 0.1, aim: 0.3 },
        errors: errorsOf(runs.limit, runs.ours),
      },
    ];
  },
};
