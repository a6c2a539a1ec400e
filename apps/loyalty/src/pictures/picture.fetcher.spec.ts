import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { AddressGuard } from '@tearoff/service-kit';
import { PictureFetcher, type Validators } from './picture.fetcher';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
const fetchers: PictureFetcher[] = [];
const bytes = Buffer.from('a picture');
const unknown: Validators = { etag: null, lastModified: null };

afterEach(async () => {
  await Promise.all(fetchers.splice(0).map((fetcher) => fetcher.onApplicationShutdown()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function serverOn(host: string, handler: Handler, port = 0): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(port, host, listening));
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

const serving = (handler: Handler): Promise<string> => serverOn('127.0.0.1', handler);

function fetcherWith(
  guard = AddressGuard.from({ allowPrivate: true, timeoutMs: 2_000 }),
  timeoutMs = 2_000,
): PictureFetcher {
  const fetcher = new PictureFetcher(guard, timeoutMs);
  fetchers.push(fetcher);
  return fetcher;
}

const fetched = (url: string, known = unknown, fetcher = fetcherWith()) =>
  fetcher.fetch(url, known, new AbortController().signal);

const refused = (message: string | RegExp) => ({
  name: 'PictureFault',
  message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
});

describe('a fetch', () => {
  it('brings the bytes and what they are marked with, and asks later whether they have changed', async () => {
    const etag = '"one"';
    const requests: IncomingMessage[] = [];
    const url = await serving((request, response) => {
      requests.push(request);
      if (request.headers['if-none-match'] === etag) return response.writeHead(304).end();
      const headers = { 'content-type': 'image/png', etag, 'last-modified': 'Sun, 01 Nov 2026 10:00:00 GMT' };
      response.writeHead(200, headers).end(bytes);
    });
    const first = await fetched(`${url}/logo.png?v=1`);
    expect(first).toEqual({ body: bytes, etag, lastModified: 'Sun, 01 Nov 2026 10:00:00 GMT' });
    expect(await fetched(`${url}/logo.png?v=1`, first!)).toBeNull();
    expect(requests[0]).toMatchObject({ method: 'GET', url: '/logo.png?v=1' });
    expect(requests[0].headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(requests[1].headers).toMatchObject({ 'if-modified-since': 'Sun, 01 Nov 2026 10:00:00 GMT' });
  });

  it.each(['image/jpeg', 'IMAGE/PNG; charset=binary', 'application/octet-stream', undefined])(
    'takes what is said to be %s',
    async (type) => {
      const url = await serving((_, response) =>
        response.writeHead(200, { ...(type && { 'content-type': type }) }).end(bytes),
      );
      expect(await fetched(url)).toMatchObject({ body: bytes });
    },
  );

  it.each(['text/html', 'image/svg+xml', 'application/json'])(
    'refuses what is said to be %s',
    async (type) => {
      const url = await serving((_, response) =>
        response.writeHead(200, { 'content-type': type }).end(bytes),
      );
      await expect(fetched(url)).rejects.toMatchObject(refused(`it is said to be ${type}`));
    },
  );

  it.each([204, 304, 404, 500])('refuses an answer of %i to a first question', async (status) => {
    const url = await serving((_, response) => response.writeHead(status).end());
    await expect(fetched(url)).rejects.toMatchObject(refused(`the answer was ${status}`));
  });

  it('refuses what is larger than 5 MB, whether it says so or never ends', async () => {
    let sent = 0;
    const url = await serving((request, response) => {
      if (request.url === '/said')
        return response.writeHead(200, { 'content-length': '5000001' }).flushHeaders();
      const flood = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
        response.once('drain', flood);
      };
      flood();
    });
    await expect(fetched(`${url}/said`)).rejects.toMatchObject(refused('it is larger than 5 MB'));
    await expect(fetched(`${url}/endless`)).rejects.toMatchObject(refused('it is larger than 5 MB'));
    expect(sent).toBeLessThan(20_000_000);
  });

  it('refuses what is compressed, for its size would be another’s word', async () => {
    const url = await serving((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes)),
    );
    await expect(fetched(url)).rejects.toMatchObject(refused('it is compressed'));
  });

  it('takes no longer than it may, whether nothing comes or a little at a time', async () => {
    const url = await serving(({ url: path }, response) => {
      if (path !== '/drip') return;
      const drops = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drops));
    });
    const fetcher = fetcherWith(undefined, 200);
    for (const path of ['silence', 'drip'])
      await expect(fetched(`${url}/${path}`, unknown, fetcher)).rejects.toMatchObject(
        refused('it has not come within 200 ms'),
      );
  });

  it('says so where no one answers', async () => {
    const url = await serving((request) => request.destroy());
    await expect(fetched(url)).rejects.toMatchObject(refused(/^it did not come: /));
  });

  it('is given up when the process stops', async () => {
    const stop = new AbortController();
    const url = await serving(() => stop.abort());
    await expect(fetcherWith().fetch(url, unknown, stop.signal)).rejects.toMatchObject(refused(/abort/));
  });
});

describe('a redirect', () => {
  it('is followed three times and no further', async () => {
    const url = await serving(({ url: path }, response) => {
      const left = Number(path!.slice(1));
      if (left === 0) response.end(bytes);
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect(await fetched(`${url}/3`)).toMatchObject({ body: bytes });
    await expect(fetched(`${url}/4`)).rejects.toMatchObject(refused('it is redirected too often'));
  });

  it.each([
    ['ftp://shop.example/logo.png', 'its URL must begin with https:// or http://'],
    ['https://user:secret@shop.example/', 'its URL may hold no user name and no password'],
    ['http://', 'it is redirected to no URL'],
  ])('to %s is not followed', async (location, why) => {
    const url = await serving((_, response) => response.writeHead(301, { location }).end());
    await expect(fetched(url)).rejects.toMatchObject(refused(why));
  });

  it('to a private address is not followed, by number or by name', async () => {
    let inner = 0;
    const secret = await serverOn('127.0.0.1', (_, response) => {
      inner++;
      response.end(bytes);
    });
    const named = secret.replace('127.0.0.1', 'inner.example');
    const open = await serverOn('127.0.0.2', ({ url }, response) =>
      response.writeHead(302, { location: url === '/named' ? named : secret }).end(),
    );
    const guard = new AddressGuard(
      () => Promise.resolve(['127.0.0.1']),
      (address) => address === '127.0.0.2',
      2_000,
    );
    const fetcher = fetcherWith(guard);
    await expect(fetched(open, unknown, fetcher)).rejects.toMatchObject(
      refused('its URL must not be a private or otherwise reserved address'),
    );
    await expect(fetched(`${open}/named`, unknown, fetcher)).rejects.toMatchObject(
      refused('inner.example has no public address, and nothing else may be called'),
    );
    expect(inner).toBe(0);
  });
});

it.each([
  'http://127.0.0.1/logo.png',
  'https://[::1]/logo.png',
  'http://169.254.169.254/latest/meta-data',
  'http://2130706433/',
])('%s is not asked', async (url) => {
  const guard = AddressGuard.from({ allowPrivate: false, timeoutMs: 2_000 });
  await expect(fetched(url, unknown, fetcherWith(guard))).rejects.toMatchObject(
    refused('its URL must not be a private or otherwise reserved address'),
  );
});
