import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { HttpPoster, type Answer } from './http-poster';
import { TemporaryFailure, UnknownOutcome } from './provider';

const taken = (body: string): string =>
  `HTTP/1.1 202 Accepted\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

describe('a request to a provider', () => {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let answer: (socket: Socket, count: number) => void;
  let server: Server;
  let poster: HttpPoster;

  beforeEach(async () => {
    requests.length = 0;
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      socket.on('data', (data) => answer(socket, requests.push(data.toString())));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    poster = posterTo((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await poster.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const posterTo = (port: number, timeoutMs = 300): HttpPoster =>
    new HttpPoster({ name: 'vendor', origin: `http://127.0.0.1:${port}`, timeoutMs, connections: 1 });
  const post = (body = '{}'): Promise<Answer> =>
    poster.post('/v1/messages', { 'content-type': 'application/json' }, body);

  it('carries its body as it is, on a connection that is used again', async () => {
    const ports = new Set<number>();
    answer = (socket) => {
      ports.add(socket.remotePort!);
      socket.write(taken('{"id":"u"}'));
    };
    expect(await post('{"text":"Grüße €"}')).toEqual({
      status: 202,
      retryAfter: undefined,
      body: '{"id":"u"}',
    });
    await post();
    expect(requests[0]).toMatch(/^POST \/v1\/messages HTTP\/1\.1\r\n/);
    expect(requests[0]).toMatch(/\r\n\r\n\{"text":"Grüße €"\}$/);
    expect(requests[0]).toContain(`content-length: ${Buffer.byteLength('{"text":"Grüße €"}')}\r\n`);
    expect(ports.size).toBe(1);
  });

  it.each([
    ['at once', (socket: Socket) => socket.destroy()],
    ['with a reset', (socket: Socket) => socket.resetAndDestroy()],
    ['in the middle of the head', (socket: Socket) => socket.end('HTTP/1.1 202 Acc')],
    ['after what is no answer', (socket: Socket) => socket.end('no HTTP\r\n\r\n')],
    ['after a hint of an answer to come', (socket: Socket) => socket.end('HTTP/1.1 103 Early Hints\r\n\r\n')],
  ])('ends unknown, and is written once, when the other side hangs up %s', async (_name, hangUp) => {
    answer = hangUp;
    await expect(post()).rejects.toBeInstanceOf(UnknownOutcome);
    answer = (socket) => socket.write(taken('{}'));
    await expect(post('{"next":1}')).resolves.toMatchObject({ status: 202 });
    expect(requests).toHaveLength(2);
    expect(requests[1]).toContain('{"next":1}');
  });

  it('ends unknown when the other side hangs up on a connection that was good before', async () => {
    answer = (socket, count) => (count === 1 ? socket.write(taken('{}')) : socket.destroy());
    await post();
    await expect(post()).rejects.toBeInstanceOf(UnknownOutcome);
    expect(requests).toHaveLength(2);
  });

  it('ends unknown when no answer comes in time', async () => {
    answer = () => undefined;
    await expect(post()).rejects.toThrow(new UnknownOutcome('vendor: no answer within 300 ms'));
    expect(requests).toHaveLength(1);
  });

  it('is taken when the rest of the answer never arrives', async () => {
    answer = (socket) => socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 99\r\n\r\n{"id":');
    await expect(post()).resolves.toEqual({ status: 202, retryAfter: undefined, body: '{"id":' });
  });

  it('was certainly not sent when it never got a connection, however late one is free', async () => {
    answer = () => undefined;
    const first = post('{"first":1}').catch((error: unknown) => error);
    const second = post('{"second":2}').catch((error: unknown) => error);
    expect(await first).toBeInstanceOf(UnknownOutcome);
    expect(await second).toBeInstanceOf(TemporaryFailure);
    answer = (socket) => socket.write(taken('{}'));
    await post('{"third":3}');
    expect(requests.some((request) => request.includes('second'))).toBe(false);
  });
});
