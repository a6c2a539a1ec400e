import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { registerLingeringClose } from './lingering-close';

const megabyte = 1024 * 1024;
let server: FastifyInstance;
let port: number;

beforeEach(async () => {
  server = Fastify({ bodyLimit: 1024 });
  registerLingeringClose(server, { bytes: 8 * megabyte, milliseconds: 2_000 });
  server.post('/taken', () => 'taken');
  server.post('/closed', { onRequest: (_, reply) => void reply.code(401).send('who?') }, () => 'never');
  await server.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = server.server.address() as AddressInfo);
});
afterEach(() => server.close());

type Body = 'of a known length' | 'in chunks';

/** The status that a client reads which sends all of the body before it looks for an answer. */
async function post(path: string, body: Body, connection: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const part = Buffer.alloc(64 * 1024, 'x');
  const parts = 64;
  const framing =
    body === 'in chunks' ? 'transfer-encoding: chunked' : `content-length: ${parts * part.length}`;
  const write = (data: string | Buffer) =>
    new Promise<void>((resolve, reject) => {
      socket.write(data, (error) => (error ? reject(error) : resolve()));
    });
  await write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n${framing}\r\nconnection: ${connection}\r\n\r\n`,
  );
  for (let sent = 0; sent < parts; sent++) {
    if (body === 'in chunks') await write(`${part.length.toString(16)}\r\n`);
    await write(part);
    if (body === 'in chunks') await write('\r\n');
  }
  if (body === 'in chunks') await write('0\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(String(answer))?.[1]);
}

it.each<[Body, string, string, number]>([
  ['of a known length', 'keep-alive', '/taken', 413],
  ['of a known length', 'close', '/taken', 413],
  ['in chunks', 'keep-alive', '/taken', 413],
  ['in chunks', 'close', '/taken', 413],
  ['of a known length', 'keep-alive', '/closed', 401],
  ['of a known length', 'close', '/closed', 401],
])(
  'a body %s that is refused, with connection: %s, is answered twenty times of twenty (%s)',
  async (...row) => {
    const [body, connection, path, status] = row;
    const seen: unknown[] = [];
    for (let time = 0; time < 20; time++)
      seen.push(await post(path, body, connection).catch((error: NodeJS.ErrnoException) => error.code));
    expect(seen).toEqual(Array.from({ length: 20 }, () => status));
  },
);

it.each([
  ['sends without end', 64 * megabyte],
  ['stops in the middle', 0],
])('a client that %s is cut off', async (_, size) => {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  // The other side may be gone while something is still being written.
  socket.on('data', (data) => (answer += String(data))).on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.write(
    `POST /taken HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${1e9}\r\n\r\n`,
  );
  const part = Buffer.alloc(256 * 1024, 'x');
  let sent = 0;
  while (sent < size) {
    sent += part.length;
    const isRefused = new Promise<boolean>((resolve) => {
      socket.write(part, (error) => resolve(Boolean(error)));
    });
    if (await Promise.race([isRefused, closed])) break;
  }
  await closed;
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  if (size > 0) expect(sent).toBeLessThan(size);
});

it('a connection on which a body was refused is used again', async () => {
  const socket = connect(port, '127.0.0.1');
  let answers = '';
  socket.on('data', (data) => (answers += String(data)));
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n`;
  socket.write(head('/taken', megabyte));
  socket.write(Buffer.alloc(megabyte, 'x'));
  socket.write(`${head('/taken', 2)}ok`);
  while (!answers.includes('taken')) await once(socket, 'data');
  expect(answers).toMatch(/^HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 /);
  socket.destroy();
});

it('leaves nothing behind on a connection, however often a body is refused on it', async () => {
  const accepted = once(server.server, 'connection') as Promise<[Socket]>;
  const socket = connect(port, '127.0.0.1');
  const [serverSide] = await accepted;
  let listeners = 0;
  for (let time = 0; time < 12; time++) {
    socket.write(
      `POST /taken HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${megabyte}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(megabyte, 'x'));
    await once(socket, 'data');
    if (time === 1) listeners = serverSide.listenerCount('close');
  }
  expect(serverSide.listenerCount('close')).toBeLessThanOrEqual(listeners);
  socket.destroy();
});

it('does not hold up a server that closes', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.write(
    `POST /taken HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 1000000\r\n\r\nx`,
  );
  await once(socket, 'data');
  await server.close();
  await closed;
});
