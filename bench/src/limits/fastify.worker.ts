import type { AddressInfo } from 'node:net';
import { Type } from '@sinclair/typebox';
import { EventRequest, Validation, ValidationRequest } from '@tearoff/contracts';
import fastify, { type FastifyInstance } from 'fastify';
import { serve } from '../workers/serve';

/** Contracts carry words of their own for people. */
const withContracts = { ajv: { customOptions: { strict: false } } };

/** A route that does nothing: the body checked and the answer written by compiled schemas. */
async function listen(answer: unknown): Promise<number> {
  const server = fastify(withContracts);
  server.post(
    '/v1/validations',
    { schema: { body: ValidationRequest, response: { 200: Validation } } },
    () => answer,
  );
  return portOf(server);
}

async function listenForEvents(answer: unknown): Promise<number> {
  const server = fastify(withContracts);
  const schema = { body: EventRequest, response: { 202: Type.Object({ id: Type.String() }) } };
  server.post('/v1/events', { schema }, (_request, reply) => reply.code(202).send(answer));
  return portOf(server);
}

async function portOf(server: FastifyInstance): Promise<number> {
  await server.listen({ port: 0, host: '127.0.0.1' });
  return (server.server.address() as AddressInfo).port;
}

serve({ listen, listenForEvents });
