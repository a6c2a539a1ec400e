import { createLogger, metrics, startHealthServer, type HealthServer } from '../src';
import { Counter } from 'prom-client';

describe('the health server', () => {
  const logger = createLogger({ service: 'health', level: 'silent' });
  let broker: () => Promise<void>;
  let server: HealthServer;
  const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });

  beforeEach(async () => {
    broker = async () => undefined;
    server = await startHealthServer({
      port: 0,
      checks: { database: async () => undefined, broker: () => broker() },
      logger,
    });
  });
  afterEach(() => server.close());

  it('is live and ready', async () => {
    expect((await get('/health/live')).status).toBe(200);
    const ready = await get('/health/ready?verbose');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ok', checks: { database: 'ok', broker: 'ok' } });
  });

  it('is live but not ready while a check fails, and says which but not why', async () => {
    broker = () => Promise.reject(new Error('amqp://guest:hunter2@broker refused'));
    expect((await get('/health/live')).status).toBe(200);
    const ready = await get('/health/ready');
    expect(ready.status).toBe(503);
    expect(await ready.text()).toBe('{"status":"unavailable","checks":{"database":"ok","broker":"failed"}}');

    broker = async () => undefined;
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('does not wait for a check that hangs', async () => {
    broker = () => new Promise(() => undefined);
    expect((await get('/health/ready')).status).toBe(503);
  });

  it('is not ready once it drains', async () => {
    server.drain();
    expect((await get('/health/ready')).status).toBe(503);
    expect((await get('/health/live')).status).toBe(200);
  });

  it("gives Node's figures and everyone's counters to Prometheus", async () => {
    const counter = new Counter({ name: 'kit_test_total', help: 'A test.' });
    counter.inc(3);
    try {
      const response = await get('/metrics');
      expect(response.headers.get('content-type')).toContain('text/plain');
      const text = await response.text();
      expect(text).toContain('kit_test_total 3');
      expect(text).toContain('process_resident_memory_bytes');
    } finally {
      metrics.removeSingleMetric('kit_test_total');
    }
  });

  it('answers anything else with a problem', async () => {
    const response = await get('/etc/passwd');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'request.not_found' });
  });

  it('fails at once when its port is taken', async () => {
    await expect(startHealthServer({ port: server.port, checks: {} })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
