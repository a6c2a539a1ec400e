import { join } from 'node:path';
import type { Deployment } from '../deployment/deployment';
import type { Figure } from '../figure';
import type { PostOrder } from '../limits/poster.worker';
import type { PushOrder } from '../limits/pusher.worker';
import { errorsOf, medianRate, type Run } from '../rounds';
import type { ApnsIdentity } from '../stand-ins/apns.worker';
import type { GoogleIdentity } from '../stand-ins/google-wallet.worker';
import { Worker } from '../workers/worker';
import { tellAll } from './push-round';

/** As fast as it goes; then at a pace that is slower than that. */
const unpaced = 100_000;
const pace = 1_000;
const pacedDevices = 10_000;
/** How many a round reaches at once; the first are reached without waiting. */
const page = 500;
/** A pass at Google is brought up to date, then given its message. */
const callsPerPass = 2;
const limitRounds = 3;

/** A message to everyone who has a card in a wallet. Takes minutes: only run when it is named. */
export const push: Figure = {
  name: 'push',
  needsBroker: false,
  onDemand: true,
  async run(bench) {
    const { deviceCount, seconds } = bench.options;
    const worker = (file: string): Worker => bench.worker(new Worker(join(__dirname, file)));
    const apns = worker('../stand-ins/apns.worker');
    const google = worker('../stand-ins/google-wallet.worker');
    const apple = await apns.ask<ApnsIdentity>('listen');
    const { port, credentials } = await google.ask<GoogleIdentity>('listen');
    const started = (rate: number): Promise<Deployment> =>
      bench.standalone({
        APNS_URL: apple.url,
        APNS_CA: apple.certificate,
        APNS_KEY: apple.providerKey,
        APNS_KEY_ID: 'BENCHMARKS',
        GOOGLE_WALLET_ISSUER_ID: '1234567890',
        GOOGLE_WALLET_CREDENTIALS: credentials,
        GOOGLE_WALLET_URL: `http://127.0.0.1:${port}`,
        WALLET_ROUND_RATE: String(rate),
      });
    const limitOf = async (file: string, order: unknown): Promise<Run[]> => {
      const limit = worker(file);
      const runs = [];
      for (let round = 0; round < limitRounds; round++) runs.push(await limit.ask<Run>('run', order));
      await limit.stop();
      return runs;
    };

    const phones = { kind: 'apple', standIn: apns } as const;
    let deployment = await started(unpaced);
    const told = await tellAll(bench, { ...phones, deployment, count: deviceCount });
    const bare = await limitOf('../limits/pusher.worker', {
      ...apple,
      streams: told.maxAtOnce,
      seconds,
    } satisfies PushOrder);

    const passCount = Math.ceil(deviceCount / 10);
    const passes = { kind: 'google', standIn: google, count: passCount } as const;
    const toldGoogle = await tellAll(bench, { ...passes, deployment });
    const bareGoogle = await limitOf('../limits/poster.worker', {
      port,
      connections: 50,
      seconds,
      body: JSON.stringify({ message: { id: 'bare', body: 'Hello' } }),
    } satisfies PostOrder);

    deployment = await started(pace);
    const paced = await tellAll(bench, { ...phones, deployment, count: pacedDevices });
    const afterFirstPage = (paced.arrivals.at(-1)! - paced.arrivals[0]) / 1_000;
    const half = told.resident.length / 2;
    return [
      {
        name: `phones told of a message to a card that ${deviceCount.toLocaleString('en')} have, one process`,
        measured: told.value,
        unit: '/s',
        limitIs: `bare HTTP/2 POSTs over one connection, ${told.maxAtOnce} streams`,
        limit: medianRate(bare),
        reach: { atLeast: 0.2 },
        errors: errorsOf([told], bare),
      },
      {
        name: 'resident memory at most, while the second half of them is told',
        measured: Math.max(...told.resident.slice(half)),
        unit: 'MB',
        limitIs: 'the same of the first half',
        limit: Math.max(...told.resident.slice(0, half)),
        reach: { atMost: 1.3 },
        errors: told.errors,
      },
      {
        name: `calls to Google for ${passCount.toLocaleString('en')} passes, two each, one process`,
        measured: toldGoogle.value * callsPerPass,
        unit: '/s',
        limitIs: 'bare keep-alive POSTs of node:http to the same stand-in, 50 connections',
        limit: medianRate(bareGoogle),
        reach: { atLeast: 0.05 },
        errors: errorsOf([toldGoogle], bareGoogle),
      },
      {
        name: `phones told at WALLET_ROUND_RATE ${pace.toLocaleString('en')}`,
        measured: (pacedDevices - page) / afterFirstPage,
        unit: '/s',
        limitIs: 'the setting',
        limit: pace,
        reach: { atMost: 1.05 },
        errors: paced.errors,
      },
    ];
  },
};
