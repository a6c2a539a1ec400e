import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { machineTime } from '../clock';
import { serve } from '../workers/serve';

/** When each message was taken; milliseconds. */
let arrivals: number[] = [];
let lastBody = '';

/** Answers as the vendor's Messages API does: 202 and an id. */
const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => (body += part));
  request.on('end', () => {
    lastBody = body;
    arrivals.push(machineTime());
    const answer = `{"message_uuid":"${randomUUID()}"}`;
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
});

serve({
  listen: () =>
    new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    }),
  reset: () => void (arrivals = []),
  count: () => arrivals.length,
  arrivals: () => arrivals,
  lastBody: () => lastBody,
});
