import { join } from 'node:path';
import { CouponRedeemed, newId } from '@tearoff/contracts';
import { eventually, testBroker } from '@tearoff/testing';
import { envelopeText } from '../../../libs/messaging/src/outbox/outbound-messages';
import type { Bench } from '../bench';
import type { Figure } from '../figure';
import { errorsOf, interleave, medianRate, percentile, type Run } from '../rounds';
import { redeemedItem } from '../relay/redeemed-item';
import type { RelayPlace } from '../relay/relay-worker';
import { Worker } from '../workers/worker';

const perSecond = 500;

/** Events from one service's outbox to another's handler, each service in a process of its own. */
export const relay: Figure = {
  name: 'relay',
  needsBroker: true,
  async run(bench) {
    const { seconds, rounds, warmUp } = bench.options;
    await bench.idle();
    const broker = testBroker();
    const { url: databaseUrl } = await bench.database('relay');
    const place: RelayPlace = { databaseUrl, brokerUrl: broker.url, prefix: broker.prefix };
    const [producer, consumer, publisher] = [
      '../relay/producer',
      '../relay/consumer',
      '../limits/publish',
    ].map((module) => bench.worker(new Worker(join(__dirname, `${module}.worker`))));
    try {
      await Promise.all([producer.ask('open', place), consumer.ask('open', place)]);
      const limit = async (span: number): Promise<Run> => {
        await bench.calm();
        return publisher.ask('run', {
          url: broker.url,
          prefix: broker.prefix,
          body: bodyOfOne(),
          seconds: span,
        });
      };
      const ours = (count: number): Promise<Run> => throughput(bench, producer, consumer, count);

      await limit(warmUp / 4);
      const { value: rate } = await ours(Math.ceil(3_000 * warmUp));
      const count = Math.ceil(rate * seconds);
      const runs = await interleave(
        rounds,
        { limit: () => limit(seconds), ours: () => ours(count) },
        (line) => bench.tell(line),
      );
      const added = await latency(bench, producer, consumer, Math.max(seconds, 1));
      return [
        {
          name: 'events relayed from outbox to handler over RabbitMQ',
          measured: medianRate(runs.ours),
          unit: '/s',
          limitIs: 'raw publishes of one event each, confirmed, quorum queue',
          limit: medianRate(runs.limit),
          reach: { atLeast: 0.4 },
          errors: errorsOf(runs.limit, runs.ours),
        },
        {
          name: `p99 from commit to handler at ${perSecond} events/s`,
          measured: added.value,
          unit: 'ms',
          limitIs: '–',
          limit: null,
          reach: { atMost: 60, unit: 'ms' },
          errors: added.errors,
        },
      ];
    } finally {
      await Promise.all([producer, consumer].map((worker) => worker.ask('close').catch(() => undefined)));
      await broker.cleanup();
    }
  },
};

async function throughput(bench: Bench, producer: Worker, consumer: Worker, count: number): Promise<Run> {
  await bench.calm();
  await consumer.ask('reset');
  const committedAt = await producer.ask<number>('fill', count);
  const { last, count: handled } = await handledBy(consumer, count);
  return { value: (handled / (last - committedAt)) * 1_000, errors: count - handled };
}

async function latency(bench: Bench, producer: Worker, consumer: Worker, seconds: number): Promise<Run> {
  await bench.calm();
  await consumer.ask('reset');
  const committed = await producer.ask<[string, number][]>('steadily', { perSecond, seconds });
  const { count } = await handledBy(consumer, committed.length);
  const handledAt = await consumer.ask<Map<string, number>>('times');
  // The handler may be told before the producer has heard of its own commit.
  const waits = committed.map(([code, at]) => Math.max(0, (handledAt.get(code) ?? Infinity) - at));
  bench.tell(`  added latency: median ${percentile(waits, 0.5).toFixed(1)} ms, of ${waits.length}`);
  return { value: percentile(waits, 0.99), errors: committed.length - count };
}

async function handledBy(consumer: Worker, count: number): Promise<{ count: number; last: number }> {
  const state = (): Promise<{ count: number; last: number }> => consumer.ask('state');
  await eventually(async () => (await state()).count >= count, { timeoutMs: 90_000, intervalMs: 50 }).catch(
    () => undefined,
  );
  return state();
}

/** What goes over the wire for an event that travels alone. */
const bodyOfOne = (): string => {
  const row = {
    seq: '1',
    id: newId('event'),
    type: CouponRedeemed.type,
    data: JSON.stringify({ items: [redeemedItem('FILL10000')] }),
    account: 'acc_bench',
    queue: null,
    attempt: 1,
    created_at: new Date(),
  };
  return `[${envelopeText(row, 'redemption')}]`;
};
