import { join } from 'node:path';
import { createCampaign } from '../data/campaign';
import { loadRedemption, makeCoupons } from '../data/coupons';
import { authHeaders, post } from '../deployment/api';
import type { Figure } from '../figure';
import { compare } from '../rounds';
import { Worker } from '../workers/worker';

const path = '/v1/validations';

/** Questions about coupons that are good, over HTTP against one process. */
export const validate: Figure = {
  name: 'validate',
  needsBroker: false,
  async run(bench) {
    const { warmUp } = bench.options;
    const deployment = await bench.standalone();
    const campaign = await createCampaign(bench, deployment);
    const coupons = makeCoupons(10_000);
    await bench.onServer((client) => loadRedemption(client, campaign, coupons), deployment.databaseUrl);
    const bodies = coupons.map(({ code }) => ({ code, storeId: 'store-1' }));
    const answer = await post<{ valid: boolean }>(deployment.port, path, bodies[0]);
    if (!answer.valid) throw new Error(`not valid: ${JSON.stringify(answer)}`);
    const bare = bench.worker(new Worker(join(__dirname, '../limits/fastify.worker')));
    const barePort = await bare.ask<number>('listen', answer);

    const ask = async (port: number, span: number) => {
      return bench.hit(deployment, {
        port,
        connections: 64,
        seconds: span,
        path,
        headers: authHeaders,
        bodies: bodies.map((body) => JSON.stringify(body)),
        repeat: true,
        expected: 200,
      });
    };
    await ask(barePort, warmUp / 2);
    await ask(deployment.port, warmUp);
    const compared = await compare(bench, {
      limit: (span) => ask(barePort, span),
      ours: (span) => ask(deployment.port, span),
    });
    await bare.stop();
    return [
      {
        name: 'validations over HTTP, one process, 64 connections',
        limitIs: 'bare Fastify route, compiled schemas, same answer',
        reach: { atLeast: 0.4 },
        ...compared,
      },
    ];
  },
};
