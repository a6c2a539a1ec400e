import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { registerPromptClose } from './prompt-close';

// A connection that is waited for makes a test run out of its time: it would be kept for longer.
const keepAliveTimeout = 3_600_000;
const agent = new Agent({ keepAlive: true });
let server: FastifyInstance;
let port: number;
let arrived: Promise<unknown>;
let answer: (text: string) => void;

beforeEach(async () => {
  server = Fastify({ keepAliveTimeout });
  registerPromptClose(server);
  const content = new Promise<string>((resolve) => (answer = resolve));
  arrived = new Promise((resolve) => {
    server.get('/slow', () => {
      resolve(undefined);
      return content;
    });
    server.get('/stream', async (_, reply) => {
      reply.hijack();
      reply.raw.write('begun, ');
      resolve(undefined);
      reply.raw.end(await content);
    });
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = server.server.address() as AddressInfo);
});
afterEach(() => server.close());
afterAll(() => agent.destroy());

it.each([
  ['/slow', 'whole'],
  ['/stream', 'begun, whole'],
])('answers in full what was asked before, and keeps no connection after it: %s', async (path, whole) => {
  const answered = once(get({ port, path, agent }), 'response') as Promise<[IncomingMessage]>;
  await arrived;
  const closed = server.close();
  setTimeout(() => answer('whole'), 100);
  expect(await text((await answered)[0])).toBe(whole);
  await closed;
});

it('does not wait for a connection on which nothing was asked', async () => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  socket.resume();
  await server.close();
  await closed;
});
