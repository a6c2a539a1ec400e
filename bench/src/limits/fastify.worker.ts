import type { AddressInfo } from 'node:net';
import { Validation, ValidationRequest } from '@tearoff/contracts';
import fastify from 'fastify';
import { serve } from '../workers/serve';

/** A route that does nothing: the body checked and the answer written by compiled schemas. */
async function listen(answer: unknown): Promise<number> {
  const server = fastify();
  server.post(
    '/v1/validations',
    { schema: { body: ValidationRequest, response: { 200: Validation } } },
    () => answer,
  );
  await server.listen({ port: 0, host: '127.0.0.1' });
  return (server.server.address() as AddressInfo).port;
}

serve({ listen });
