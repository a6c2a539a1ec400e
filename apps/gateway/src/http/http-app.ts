import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { nestLogger, type Logger } from '@tearoff/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { registerCredentials } from '../access/api-keys/credentials.hook';
import { KeyVerifier } from '../access/api-keys/key-verifier';
import type { TrustProxy } from '../env';
import { GatewayModule, type GatewayParts } from '../gateway.module';
import { registerFacades } from '../facades/facades.hook';
import { rememberRoutes } from './server/allowed-methods';
import { registerBodyLimits } from './body/body-limit';
import { answerClientError } from './errors/client-error';
import { registerCompression } from './server/compression';
import { registerCsvBody } from './csv/csv-body';
import { registerFormBody } from './body/form-body';
import { callHotRoutes, useContractSchemas } from './validation/hot-route';
import { registerHttpMetrics } from './server/http.metrics';
import { registerJsonBody } from './body/json-body';
import { registerLingeringClose } from './server/lingering-close';
import { registerPreflight } from './server/preflight';
import { answerProblem } from './errors/problem';
import { ProblemFilter } from './errors/problem.filter';
import { registerPromptClose } from './server/prompt-close';
import { registerRawBody } from './body/raw-body';
import { registerRequestContext } from './server/request-context';
import { registerSecurityHeaders } from './server/security-headers';
import { registerIdempotency } from '../access/idempotency/idempotency.hook';
import { IdempotencyStore } from '../access/idempotency/idempotency.store';
import { registerDocs } from './openapi/docs.routes';
import { collectRoutes } from './openapi/routes';
import { RateLimits, registerAddressLimit } from '../access/rate-limits/rate-limits';

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
