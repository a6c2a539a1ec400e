import type { TObject, TSchema } from '@sinclair/typebox';
import { DomainError, faultsOf } from '@tearoff/contracts';
import type { Logger } from '@tearoff/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem } from '../errors/problem';

/**
 * A contract's schema as the public API takes it: in every object, a member that the schema does not name is
 * a fault. Services stay lenient among themselves, so that a newer one may add a member.
 */
export function strict<T extends TObject>(schema: T): T {
  return close(schema) as T;
}

function close(schema: TSchema): TSchema {
  const copy: Record<string, unknown> = { ...schema };
  if (schema.properties) {
    copy.properties = Object.fromEntries(
      Object.entries(schema.properties as Record<string, TSchema>).map(([name, member]) => [
        name,
        close(member),
      ]),
    );
    copy.additionalProperties ??= false;
  }
  if (schema.items) copy.items = close(schema.items as TSchema);
  for (const choice of ['anyOf', 'oneOf', 'allOf']) {
    if (schema[choice]) copy[choice] = (schema[choice] as TSchema[]).map(close);
  }
  return copy as unknown as TSchema;
}

/**
 * Fastify's route schemas are compiled by the contracts' own compiler, so that a body is judged here and in
 * the services alike. (Measured: a compiled schema costs a fifth of a bare route's throughput, DTO classes half.)
 */
export function useContractSchemas(server: FastifyInstance): void {
  server.setValidatorCompiler(({ schema }) => (value: unknown) => {
    const errors = faultsOf(schema as TSchema, value);
    if (!errors) return true;
    return { error: new DomainError('request.invalid', 'invalid', 'The body is not valid.', { errors }) };
  });
}

type HotHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Has Fastify call the handlers of hot routes itself. They use no guard, pipe or interceptor, and Nest's way
 * through where those would be took a ninth of a validation. `instanceOf` gives a controller.
 */
export function callHotRoutes(
  server: FastifyInstance,
  instanceOf: (controller: new (...parts: never[]) => object) => object,
  logger: Logger,
): void {
  server.addHook('onRoute', (route) => {
    const { handledBy } = route.config ?? {};
    if (!handledBy) return;
    const controller = instanceOf(handledBy.controller) as Record<string | symbol, HotHandler>;
    const { method } = handledBy;
    route.handler = (request, reply) => {
      controller[method](request, reply)
        .then((answer) => void reply.send(answer))
        .catch((error: unknown) => answerProblem(error, request, reply, logger));
    };
  });
}
