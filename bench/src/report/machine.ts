import { cpus, totalmem } from 'node:os';
import { brokerAvailable, testBroker } from '@tearoff/testing';
import { connect } from 'amqplib';
import type { Bench } from '../bench';

/** What the figures were measured on, in one line. */
export async function machineLine(bench: Bench): Promise<string> {
  const [{ model }] = cpus();
  const postgres = await bench.onServer(
    async (client) =>
      (await client.query<{ server_version: string }>('show server_version')).rows[0].server_version,
  );
  return [
    `${cpus().length} × ${model.trim()}`,
    `${Math.round(totalmem() / 1024 ** 3)} GB`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${postgres.split(' ')[0]}`,
    brokerAvailable ? `RabbitMQ ${await brokerVersion()}` : 'no RabbitMQ',
    `database, broker and load on the same machine`,
    new Date().toISOString().slice(0, 10),
  ].join(' · ');
}

async function brokerVersion(): Promise<string> {
  const connection = await connect(testBroker().url);
  const { serverProperties } = connection.connection;
  await connection.close();
  return String(serverProperties.version);
}
