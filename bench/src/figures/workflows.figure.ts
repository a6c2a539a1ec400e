import { createCampaign } from '../data/campaign';
import { nextPhone } from '../data/recipients';
import { authHeaders, post } from '../deployment/api';
import type { Figure } from '../figure';
import { compare, type Run } from '../rounds';
import { issueLoop } from './issue-loop';

/** As fast as they are taken; the runs go on behind them until the last message is out. */
const eventsPerSecond = 1_000;

/** Events that start a workflow of two steps, a coupon and its code by SMS, until the provider has the last message. */
export const workflows: Figure = {
  name: 'workflows',
  needsBroker: false,
  async run(bench) {
    const { warmUp } = bench.options;
    const deployment = await bench.standalone();
    const { port } = deployment;
    const provider = await bench.smsProvider();
    const campaign = await createCampaign(bench, deployment);
    const template = await post<{ id: string }>(port, '/v1/templates', {
      name: 'Benchmark',
      channel: 'sms',
      body: "Hello $!data.get('name'), your coffee is on us: $!data.get('code')",
    });
    await post(port, '/v1/workflows', {
      name: 'Benchmark',
      trigger: { event: 'card.opened', repeat: 'every' },
      steps: [
        { name: 'gift', issueCoupon: { campaignId: campaign.id } },
        {
          sendMessage: {
            templateId: template.id,
            data: { code: '${steps.gift.code}', name: '${contact.firstName}' },
          },
        },
      ],
    });

    const ours = async (span: number): Promise<Run> => {
      await provider.reset();
      const costs = await bench.meter(deployment);
      const told = await bench.hit(deployment, {
        port,
        connections: 64,
        seconds: span,
        path: '/v1/events',
        headers: authHeaders,
        bodies: Array.from({ length: Math.ceil(span * eventsPerSecond) }, () => {
          const phone = nextPhone();
          return JSON.stringify({ type: 'card.opened', key: phone, contact: { phone, firstName: 'Ann' } });
        }),
        repeat: false,
        expected: 202,
      });
      const arrivals = await provider.arrivals(told.answered);
      bench.tell(`  a run${costs(arrivals.length)}`);
      const elapsedMs = (arrivals.at(-1) ?? Infinity) - told.startedAt;
      // One too many is as wrong as one too few.
      const errors = told.errors + Math.abs(told.answered - arrivals.length);
      return { value: (arrivals.length / elapsedMs) * 1_000, errors };
    };
    const limit = await issueLoop(bench, deployment, campaign);
    await limit(warmUp / 2);
    await ours(warmUp);
    const compared = await compare(bench, { limit, ours });
    return [
      {
        name: 'runs of a workflow, from event over coupon to the SMS provider, one process',
        limitIs: 'bare pg loop, issuing one coupon, 32 connections',
        reach: { atLeast: 0.1 },
        ...compared,
      },
    ];
  },
};
