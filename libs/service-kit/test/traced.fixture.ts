import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, runMain } from '../src';
// After the kit, as in a main: what is instrumented must be loaded later than it.
import { Client } from 'pg';

/** Answers one HTTP request with a query's result, then asks itself to stop. */
void runMain('traced', async () => {
  const client = new Client(process.env.DATABASE_URL);
  await client.connect();
  const logger = createLogger({ service: 'traced' });
  const server = createServer((_request, response) => {
    void client.query('select 42 as answer').then(({ rows }) => {
      logger.info({ rows }, 'answered');
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  get({ port, path: '/coupons', headers: { traceparent } }, (response) => {
    response.resume().on('end', () => process.kill(process.pid, 'SIGTERM'));
  });
  return {
    stop: async () => {
      await client.end();
      server.close();
    },
  };
});
