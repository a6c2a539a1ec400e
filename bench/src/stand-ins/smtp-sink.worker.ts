import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { machineTime } from '../clock';
import { serve } from '../workers/serve';

/** When each mail had arrived as a whole; milliseconds. */
let arrivals: number[] = [];

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  logger: false,
  maxClients: 1_000,
  onData(stream, _session, done) {
    stream.on('end', () => {
      arrivals.push(machineTime());
      done();
    });
    stream.resume();
  },
});
server.on('error', () => undefined);

serve({
  listen: () =>
    new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.server.address() as AddressInfo).port));
    }),
  reset: () => void (arrivals = []),
  count: () => arrivals.length,
  arrivals: () => arrivals,
});
