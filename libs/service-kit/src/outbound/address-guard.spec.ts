import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { AddressGuard, AddressRefused } from './address-guard';

const servers: Server[] = [];
const agents: Agent[] = [];

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.destroy()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function serverOn(host: string, port: number, answer: string): Promise<number> {
  const server = createServer((_, response) => response.setHeader('connection', 'close').end(answer));
  servers.push(server);
  await new Promise<void>((listening) => server.listen(port, host, listening));
  return (server.address() as AddressInfo).port;
}

describe('a URL', () => {
  const guard = AddressGuard.from({ allowPrivate: false, timeoutMs: 1_000 });

  it.each([
    ['https://shop.example/a', null],
    ['http://shop.example/', 'must begin with https://'],
    ['ftp://shop.example/', 'must begin with https://'],
    ['shop.example', 'must be a URL of at most 2,000 characters'],
    [`https://shop.example/${'x'.repeat(2_000)}`, 'must be a URL of at most 2,000 characters'],
    ['https://user:secret@shop.example/', 'may hold no user name and no password'],
    ['https://0x7f.1/', 'must not be a private or otherwise reserved address'],
    ['https://[::ffff:a9fe:a9fe]/', 'must not be a private or otherwise reserved address'],
  ])('%s: %s', (url, fault) => expect(guard.faultOf(url, ['https:'])).toBe(fault));

  it('is told every scheme that it may have', () => {
    expect(guard.faultOf('ftp://shop.example/', ['https:', 'http:'])).toBe(
      'must begin with https:// or http://',
    );
  });
});

describe('a connection', () => {
  it('goes to the very address that was judged, whatever the name answers the next moment', async () => {
    const port = await serverOn('127.0.0.2', 0, 'open');
    // The same port on the forbidden address: what a second answer would lead to.
    await serverOn('127.0.0.1', port, 'inner');
    const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.1', '127.0.0.2'], []];
    const resolve = jest.fn(() => Promise.resolve(answers.shift() ?? []));
    const guard = new AddressGuard(resolve, (address) => address === '127.0.0.2', 1_000);
    const agent = new Agent({ connect: guard.connector });
    agents.push(agent);
    const ask = async (host: string) => {
      const { body } = await agent.request({ origin: `http://${host}:${port}`, path: '/', method: 'GET' });
      return body.text();
    };
    expect(await ask('rebinding.example')).toBe('open');
    expect(resolve).toHaveBeenCalledTimes(1);
    await expect(ask('rebinding.example')).rejects.toThrow(AddressRefused);
    expect(await ask('rebinding.example')).toBe('open');
    await expect(ask('rebinding.example')).rejects.toThrow(AddressRefused);
    await expect(ask('127.0.0.1')).rejects.toThrow(AddressRefused);
  });
});
