import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { nestLogger, type Logger } from '@tearoff/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { registerCredentials } from './api-keys/credentials.hook';
import { KeyVerifier } from './api-keys/key-verifier';
import type { TrustProxy } from './env';
import { GatewayModule, type GatewayParts } from './gateway.module';
import { registerFacades } from './facades/facades.hook';
import { rememberRoutes } from './http/allowed-methods';
import { registerBodyLimits } from './http/body-limit';
import { answerClientError } from './http/client-error';
import { registerCompression } from './http/compression';
import { registerCsvBody } from './http/csv-body';
import { registerFormBody } from './http/form-body';
import { callHotRoutes, useContractSchemas } from './http/hot-route';
import { registerHttpMetrics } from './http/http.metrics';
import { registerJsonBody } from './http/json-body';
import { registerLingeringClose } from './http/lingering-close';
import { registerPreflight } from './http/preflight';
import { answerProblem } from './http/problem';
import { ProblemFilter } from './http/problem.filter';
import { registerPromptClose } from './http/prompt-close';
import { registerRawBody } from './http/raw-body';
import { registerRequestContext } from './http/request-context';
import { registerSecurityHeaders } from './http/security-headers';
import { registerIdempotency } from './idempotency/idempotency.hook';
import { IdempotencyStore } from './idempotency/idempotency.store';
import { registerDocs } from './openapi/docs.routes';
import { collectRoutes } from './openapi/routes';
import { RateLimits, registerAddressLimit } from './rate-limits/rate-limits';

export interface HttpOptions extends GatewayParts {
  logger: Logger;
  trustProxy: TrustProxy;
  /** Requests a second for each key. */
  rateLimit: number | 'off';
}

/** The application, not listening yet. Hooks run in the order in which they are registered here. */
export async function createHttpApp(options: HttpOptions): Promise<NestFastifyApplication> {
  const { logger, publicUrl, rateLimit } = options;
  const adapter = createAdapter(options);
  const server = adapter.getInstance<FastifyInstance>();
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.register(options), adapter, {
    logger: nestLogger(logger),
    abortOnError: false,
    bodyParser: false,
  });
  const limits = rateLimit === 'off' ? null : new RateLimits(rateLimit);
  registerPromptClose(server);
  registerLingeringClose(server);
  registerCompression(server);
  useContractSchemas(server);
  callHotRoutes(server, (controller) => app.get(controller, { strict: false }), logger);
  registerJsonBody(server);
  registerCsvBody(server);
  registerRawBody(server);
  registerBodyLimits(server);
  registerFormBody(server);
  rememberRoutes(server);
  const routes = collectRoutes(server);
  registerRequestContext(server);
  registerHttpMetrics(server);
  registerSecurityHeaders(server, publicUrl);
  if (limits) registerAddressLimit(server, limits);
  registerPreflight(server);
  registerCredentials(server, app.get(KeyVerifier), limits, publicUrl);
  registerFacades(server, app.get(KeyVerifier), limits);
  registerIdempotency(server, app.get(IdempotencyStore), logger);
  await registerDocs(server, routes);
  app.useGlobalFilters(new ProblemFilter(logger));
  await app.init();
  return app;
}

function createAdapter({ logger, trustProxy }: HttpOptions): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy,
    bodyLimit: 1024 * 1024,
    // A whole upload may take five minutes; a connection on which nothing happens is not kept.
    requestTimeout: 300_000,
    connectionTimeout: 120_000,
    keepAliveTimeout: 72_000,
    // A person's externalId has up to 200 characters, of up to nine each as they are written in an address.
    routerOptions: { maxParamLength: 1_800, ignoreTrailingSlash: true },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      answerProblem(error, request, reply, logger),
  });
}
