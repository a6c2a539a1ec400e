import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { databaseUrl } from './scratch-database';

interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: { traceId: string; name: string }[] }[];
  }[];
}

describe('startTracing', () => {
  const exports: Export[] = [];
  let collector: Server;

  beforeAll(async () => {
    collector = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (request.url === '/v1/traces') exports.push(JSON.parse(body) as Export);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
  });
  afterAll(() => new Promise((resolve) => collector.close(resolve)));

  it("carries a caller's trace through a request to its query and into the log, and exports it at the end", async () => {
    const { port } = collector.address() as AddressInfo;
    const preload = join(__dirname, '../../../scripts/lib/register.cjs');
    const child = spawn(process.execPath, ['-r', preload, join(__dirname, 'traced.fixture.ts')], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: databaseUrl,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
      },
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];

    expect([code, out]).toEqual([0, expect.stringContaining('"traceId":"0af7651916cd43dd8448eb211c80319c"')]);
    const traces = exports.flatMap(({ resourceSpans }) => resourceSpans);
    expect(traces[0].resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'tearoff-traced' },
    });
    const spans = traces.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    const ofCaller = spans.filter(({ traceId }) => traceId === '0af7651916cd43dd8448eb211c80319c');
    expect(ofCaller.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['GET', expect.stringMatching(/SELECT/i)]),
    );
  });
});
