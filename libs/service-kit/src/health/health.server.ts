import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { notFound } from '@tearoff/contracts';
import type { Logger } from '../logging/logger';
import { problemOf } from '../problems/problem';
import { metricsText } from './metrics';
import { readinessOf, type HealthCheck } from './readiness';

export interface HealthServerOptions {
  /** 0 takes a free one. */
  port: number;
  /** The address to listen on; every address of the machine when absent. */
  host?: string;
  checks: Record<string, HealthCheck>;
  logger?: Logger;
}

export interface HealthServer {
  port: number;
  /** From now on `/health/ready` says no, so that no new work is sent here. */
  drain(): void;
  close(): Promise<void>;
}

/**
 * GET /health/live (the process answers), /health/ready (its checks pass; 503 otherwise) and /metrics
 * (Prometheus), for probes and scrapes inside a cluster. Rejects when the port is in use.
 */
export async function startHealthServer({
  port,
  host,
  checks,
  logger,
}: HealthServerOptions): Promise<HealthServer> {
  let draining = false;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url?.split('?')[0];
    if (path === '/health/live') return send(response, 200, { status: 'ok' });
    if (path === '/health/ready') {
      if (draining) return send(response, 503, { status: 'stopping' });
      const { ready, checks: results } = await readinessOf(checks, logger);
      return send(response, ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', checks: results });
    }
    if (path === '/metrics') {
      const { contentType, body } = await metricsText();
      response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
      return;
    }
    throw notFound('request.not_found', 'There is nothing at this address.');
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, headers, body } = problemOf(error);
      if (status >= 500) logger?.error({ err: error }, 'a health request failed');
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    drain: () => void (draining = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
