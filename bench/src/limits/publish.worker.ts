import { connect } from 'amqplib';
import { serve } from '../workers/serve';

export interface PublishOrder {
  url: string;
  prefix: string;
  body: string;
  seconds: number;
}

/** Unconfirmed messages at most: enough that the publisher never waits for a single confirm. */
const window = 1_000;

/** One event a message, persistent, through an exchange into a quorum queue; confirmed messages a second. */
async function run({ url, prefix, body, seconds }: PublishOrder): Promise<{ value: number; errors: number }> {
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const [exchange, queue] = [`${prefix}.raw`, `${prefix}.raw`];
  await channel.assertExchange(exchange, 'topic', { durable: true });
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(queue, exchange, 'raw');
  let open = 0;
  let confirmed = 0;
  let errors = 0;
  const content = Buffer.from(body);
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  await new Promise<void>((resolve) => {
    const pump = (): void => {
      while (open < window && performance.now() < endsAt) {
        open++;
        channel.publish(
          exchange,
          'raw',
          content,
          { persistent: true, mandatory: true },
          (error: Error | null) => {
            open--;
            if (error) errors++;
            else confirmed++;
            if (open === 0 && performance.now() >= endsAt) resolve();
            else if (open < window / 2) pump();
          },
        );
      }
    };
    pump();
  });
  const elapsedMs = performance.now() - startedAt;
  await channel.deleteQueue(queue);
  await channel.deleteExchange(exchange);
  await connection.close();
  return { value: (confirmed / elapsedMs) * 1_000, errors };
}

serve({ run });
