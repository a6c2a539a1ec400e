import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AddressGuard } from '@tearoff/service-kit';
import { HttpCaller } from './http-caller';

const timeoutMs = 2_000;
const open: { onApplicationShutdown(): Promise<void> }[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((caller) => caller.onApplicationShutdown()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

function callerWith(guard?: AddressGuard, allowPrivate = true): HttpCaller {
  const caller = new HttpCaller({ allowPrivate, timeoutMs, guard });
  open.push(caller);
  return caller;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serverOn(host: string, handler: Handler): Promise<number> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, host, listening));
  return (server.address() as AddressInfo).port;
}

describe('a call', () => {
  it.each([
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://127.1:8443/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/latest/meta-data',
    'https://169.254.169.254/latest/meta-data',
    'https://①②⑦.0.0.1/',
    'http://shop.example/',
    'ftp://shop.example/',
    'https://user:secret@shop.example/',
    'shop.example',
  ])('to %s is not made', async (url) => {
    await expect(callerWith(undefined, false).call({ url })).rejects.toMatchObject({
      code: 'webhook.url_refused',
      kind: 'invalid',
    });
  });

  it('to a name goes to the very address that was judged, whatever the name answers the next moment', async () => {
    const seen: string[] = [];
    const port = await serverOn('127.0.0.2', (_, response) => {
      seen.push('open');
      response.setHeader('connection', 'close').end('{}');
    });
    // The same port on the forbidden address: what a second answer would lead to.
    const inner = createServer(() => seen.push('inner'));
    servers.push(inner);
    await new Promise<void>((listening) => inner.listen(port, '127.0.0.1', listening));
    const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.1', '127.0.0.2'], []];
    const resolve = jest.fn(() => Promise.resolve(answers.shift() ?? []));
    const caller = callerWith(new AddressGuard(resolve, (address) => address === '127.0.0.2', timeoutMs));
    const url = `http://rebinding.example:${port}/`;
    await expect(caller.call({ url })).resolves.toMatchObject({ status: 200 });
    expect(resolve).toHaveBeenCalledTimes(1);
    await expect(caller.call({ url })).rejects.toMatchObject({ code: 'webhook.url_refused' });
    await expect(caller.call({ url })).resolves.toMatchObject({ status: 200 });
    await expect(caller.call({ url })).rejects.toMatchObject({ code: 'webhook.url_refused' });
    await expect(caller.call({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
      code: 'webhook.url_refused',
    });
    expect(seen).toEqual(['open', 'open']);
  });

  it('sends what it was told, keeps what frames it to itself, and follows no redirect', async () => {
    const requests: IncomingMessage[] = [];
    let body = '';
    const port = await serverOn('127.0.0.1', (request, response) => {
      requests.push(request);
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => response.writeHead(302, { location: '/elsewhere' }).end('moved'));
    });
    const headers = { Authorization: 'Bearer x', Host: 'inner.example', 'Content-Length': '3' };
    const call = { url: `http://127.0.0.1:${port}/hook?a=1`, headers, body: '{"a":"é"}', id: 'run_1' };
    expect(await callerWith().call(call)).toEqual({ status: 302, body: 'moved' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/hook?a=1' });
    expect(requests[0].headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      authorization: 'Bearer x',
      'webhook-id': 'run_1',
      'content-type': 'application/json',
      'content-length': '10',
    });
    expect(body).toBe('{"a":"é"}');
  });

  it('reads 64 kB of an answer that never ends', async () => {
    const port = await serverOn('127.0.0.1', (_, response) => {
      const flood = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
        response.once('drain', flood);
      };
      flood();
    });
    const { status, body } = await callerWith().call({ url: `http://127.0.0.1:${port}/` });
    expect([status, body.length]).toEqual([200, 65_536]);
  });

  it('takes no longer than it may, whether nothing comes or a little at a time', async () => {
    const port = await serverOn('127.0.0.1', ({ url }, response) => {
      if (url !== '/drip') return;
      const drops = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drops));
    });
    const caller = new HttpCaller({ allowPrivate: true, timeoutMs: 200 });
    open.push(caller);
    await expect(caller.call({ url: `http://127.0.0.1:${port}/silence` })).rejects.toMatchObject({
      code: 'webhook.no_answer',
      kind: 'unavailable',
      message: 'No answer: no answer within 200 ms.',
    });
    // Its status was there in time.
    await expect(caller.call({ url: `http://127.0.0.1:${port}/drip` })).resolves.toMatchObject({
      status: 200,
    });
  });

  it('that no one takes is said to have had no answer', async () => {
    const port = await serverOn('127.0.0.1', (request) => request.destroy());
    await expect(callerWith().call({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
      code: 'webhook.no_answer',
    });
  });
});
