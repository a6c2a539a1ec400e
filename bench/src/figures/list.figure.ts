import { join } from 'node:path';
import { machineTime } from '../clock';
import { createCampaign } from '../data/campaign';
import { nextPhone } from '../data/recipients';
import { post } from '../deployment/api';
import type { Figure } from '../figure';
import type { PostOrder } from '../limits/poster.worker';
import { compare, type Run } from '../rounds';
import { Worker } from '../workers/worker';

const recipientsPerSecond = 2_500;

/** A list issued and sent by SMS, from its POST until its last message has reached the provider's stand-in. */
export const list: Figure = {
  name: 'list',
  needsBroker: false,
  async run(bench) {
    const { warmUp } = bench.options;
    const deployment = await bench.standalone();
    const provider = await bench.smsProvider();
    const campaign = await createCampaign(bench, deployment);

    const ours = async (span: number): Promise<Run> => {
      const count = Math.ceil(span * recipientsPerSecond);
      const recipients = Array.from({ length: count }, () => ({ phone: nextPhone(), firstName: 'Ann' }));
      await bench.calm(deployment);
      await provider.reset();
      const startedAt = machineTime();
      await post(deployment.port, `/v1/campaigns/${campaign.id}/distributions`, {
        channel: 'sms',
        recipients,
      });
      const arrivals = await provider.arrivals(count, 120_000);
      // Anyone who is sent to twice comes late: nothing may be under way any more when it is counted.
      await bench.calm(deployment);
      const errors = Math.abs(count - (await provider.arrivals(0)).length);
      return { value: (arrivals.length / ((arrivals.at(-1) ?? Infinity) - startedAt)) * 1_000, errors };
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
        name: 'Recipients of a list, from its POST to the provider, one process',
        limitIs: 'bare keep-alive POSTs of node:http to the same stand-in, 50 connections',
        reach: { atLeast: 0.05 },
        ...compared,
      },
    ];
  },
};
