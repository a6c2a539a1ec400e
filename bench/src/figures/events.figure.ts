import { join } from 'node:path';
import { newId } from '@tearoff/contracts';
import { authHeaders } from '../deployment/api';
import type { Figure } from '../figure';
import { errorsOf, interleave, median, medianRate, percentile } from '../rounds';
import { Worker } from '../workers/worker';

const path = '/v1/events';
const requestsPerSecond = 12_000;
/** As many people as a shop that tells so many events would have. */
const people = 50_000;
/** What the system that ours replaces lets a customer send. */
const steadyPerSecond = 350;

let events = 0;

/** Each with a key of its own; the people come again and again, and are new at first. */
const nextBody = (): string =>
  JSON.stringify({
    type: 'order.paid',
    key: `order-${events++}`,
    contact: { email: `someone${Math.floor(Math.random() * people)}@example.com`, firstName: 'Ann' },
    params: { total: 4_900, currency: 'EUR', items: [{ sku: 'espresso', count: 2 }] },
  });

/** Events of callers over HTTP against one process: all it takes, and a steady stream. */
export const eventIntake: Figure = {
  name: 'events',
  needsBroker: false,
  async run(bench) {
    const { seconds, rounds, warmUp } = bench.options;
    const deployment = await bench.standalone();
    const bare = bench.worker(new Worker(join(__dirname, '../limits/fastify.worker')));
    const barePort = await bare.ask<number>('listenForEvents', { id: newId('event') });
    const send = async (port: number, span: number, perSecond?: number) =>
      bench.hit(deployment, {
        port,
        connections: 64,
        seconds: span,
        path,
        headers: authHeaders,
        bodies: Array.from({ length: Math.ceil(span * (perSecond ?? requestsPerSecond)) }, nextBody),
        repeat: port === barePort,
        expected: 202,
        perSecond,
      });
    await send(barePort, warmUp / 2);
    await send(deployment.port, warmUp);
    const { limit, ours, steady } = await interleave(
      rounds,
      {
        limit: () => send(barePort, seconds),
        ours: () => send(deployment.port, seconds),
        steady: () => send(deployment.port, seconds, steadyPerSecond),
      },
      (line) => bench.tell(line),
    );
    await bare.stop();
    const slowest = (runs: typeof ours): number =>
      median(runs.map(({ latencies }) => percentile(latencies, 0.99)));
    return [
      {
        name: 'events accepted over HTTP, one process, 64 connections',
        measured: medianRate(ours),
        unit: '/s',
        limitIs: 'bare Fastify route, compiled schemas, same answer',
        limit: medianRate(limit),
        reach: { atLeast: 0.05, aim: 0.1 },
        errors: errorsOf(limit, ours),
      },
      {
        name: 'an event at that rate, 99th percentile',
        measured: slowest(ours),
        unit: 'ms',
        limitIs: 'a bound',
        limit: null,
        reach: { atMost: 250, unit: 'ms' },
        errors: errorsOf(ours),
      },
      {
        name: `an event at ${steadyPerSecond}/s, 99th percentile`,
        measured: slowest(steady),
        unit: 'ms',
        limitIs: 'a bound',
        limit: null,
        reach: { atMost: 250, unit: 'ms' },
        errors: errorsOf(steady),
      },
    ];
  },
};
