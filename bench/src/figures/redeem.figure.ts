import type { Figure } from '../figure';
import { errorsOf, interleave, median, medianRate, percentile } from '../rounds';
import { RedeemGround } from './redeem-ground';

const limitIs = 'bare pg loop, same statement, one row, 32 connections';

/** Redemptions over HTTP against one process, and how long the slowest hundredth of them takes. */
export const redeem: Figure = {
  name: 'redeem',
  needsBroker: false,
  async run(bench) {
    const { seconds, rounds, warmUp } = bench.options;
    const ground = await RedeemGround.prepare(bench, await bench.standalone(), 1);
    await ground.limit(warmUp / 2);
    await ground.ours(64, warmUp);
    const { limit, ours } = await interleave(
      rounds,
      { limit: () => ground.limit(seconds), ours: () => ground.ours(64, seconds) },
      (line) => bench.tell(line),
    );
    const slowest = (runs: readonly { latencies: Float64Array }[]): number =>
      median(runs.map(({ latencies }) => percentile(latencies, 0.99)));
    return [
      {
        name: 'redemptions over HTTP, one process, 64 connections',
        measured: medianRate(ours),
        unit: '/s',
        limitIs,
        limit: medianRate(limit),
        reach: { atLeast: 0.7, aim: 1 },
        errors: errorsOf(limit, ours),
      },
      {
        name: 'p99 of a redemption at 64 connections',
        measured: slowest(ours),
        unit: 'ms',
        limitIs: 'p99 of the bare loop',
        limit: slowest(limit),
        reach: { atMost: 3 },
        errors: errorsOf(limit, ours),
      },
    ];
  },
};

/** The same with a process a service on RabbitMQ. */
export const redeemCluster: Figure = {
  name: 'redeem-cluster',
  needsBroker: true,
  async run(bench) {
    const { seconds, rounds, warmUp } = bench.options;
    const ground = await RedeemGround.prepare(bench, await bench.cluster(), 2);
    await ground.limit(warmUp / 2);
    await ground.ours(64, warmUp);
    const { limit, at64, at256 } = await interleave(
      rounds,
      {
        limit: () => ground.limit(seconds),
        at64: () => ground.ours(64, seconds),
        at256: () => ground.ours(256, seconds),
      },
      (line) => bench.tell(line),
    );
    const common = { unit: '/s', limitIs, limit: medianRate(limit) };
    return [
      {
        ...common,
        name: 'redemptions over HTTP and RabbitMQ, 64 connections',
        measured: medianRate(at64),
        reach: { atLeast: 0.5, aim: 0.8 },
        errors: errorsOf(limit, at64),
      },
      {
        ...common,
        name: 'redemptions over HTTP and RabbitMQ, 256 connections',
        measured: medianRate(at256),
        reach: { atLeast: 0.8 },
        errors: errorsOf(limit, at256),
      },
    ];
  },
};
