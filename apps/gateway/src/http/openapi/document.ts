import type { TSchema } from '@sinclair/typebox';
import { mergePatch } from '../body/json-body';
import { commonProblems, problemsOf } from './common-problems';
import type { OperationDefinition } from './operation.decorator';
import { queryParameters } from './query-parameters';
import type { DocumentedRoute } from './routes';
import { schemas, type SchemaName } from './schemas';

type Json = Record<string, unknown>;

const refTo = (name: SchemaName): Json => ({ $ref: `#/components/schemas/${name}` });
const problem = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: refTo('Problem') } },
});

export const apiVersion = '1';

/** The OpenAPI 3.1 document of the routes, whose shapes are JSON Schema as it is. */
export function openApiDocument(routes: readonly DocumentedRoute[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const { method, url, operation } of routes) {
    const path = url.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[method] = describe(method, path, operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tearoff',
      version: apiVersion,
      description:
        'Coupons that can be used exactly once. Every POST takes an `Idempotency-Key`: the same key with the same ' +
        'payload is given the same answer for 24 hours. Every error is RFC 9457 problem+json.',
      license: { name: 'AGPL-3.0-only', identifier: 'AGPL-3.0-only' },
    },
    // Relative to where it was read from: behind a proxy only the reader knows the address.
    servers: [{ url: '/' }],
    security: [{ clientId: [], clientSecret: [] }, { basic: [] }, { bearer: [] }],
    paths,
    components: {
      schemas,
      responses: Object.fromEntries(
        Object.values(commonProblems).map(({ name, description, codes }) => [
          name,
          problem(`${description} ${listed(codes)}`),
        ]),
      ),
      securitySchemes: {
        clientId: { type: 'apiKey', in: 'header', name: 'X-Client-Id' },
        clientSecret: { type: 'apiKey', in: 'header', name: 'X-Client-Secret' },
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer', description: '`<clientId>.<clientSecret>`' },
      },
    },
  };
}

function describe(method: string, path: string, operation: OperationDefinition): Json {
  const { tag, summary, description = '', scopes, body, query, answers, prefer } = operation;
  const { common, own } = problemsOf(method, operation);
  return {
    tags: [tag],
    summary,
    description: `${description}\n\nScope: ${scopes.map((scope) => `\`${scope}\``).join(' or ')}.`.trim(),
    operationId: `${method}${path.replace(/\/v1/, '').replace(/[^a-zA-Z]+(\w)?/g, (_, next: string) => next?.toUpperCase() ?? '')}`,
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...(query ? queryParameters(query) : []),
      ...(method === 'post' ? [header('Idempotency-Key', 'Makes it safe to send the request again.')] : []),
      ...(prefer ? [header('Prefer', `\`wait=N\`: wait at most N ≤ 30 seconds for ${prefer}.`)] : []),
    ],
    ...(body && { requestBody: requestBody(body, method) }),
    responses: {
      ...Object.fromEntries(
        common.map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }]),
      ),
      ...Object.fromEntries(Object.entries(own).map(([status, codes]) => [status, problem(listed(codes))])),
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(answer)])),
    },
  };
}

const listed = (codes: readonly string[]): string => codes.map((code) => `\`${code}\``).join(', ');

const header = (name: string, description: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

function requestBody(
  { schema, examples, csv, optional }: NonNullable<OperationDefinition['body']>,
  method: string,
): Json {
  const json = { schema: typeof schema === 'string' ? refTo(schema) : named(schema), examples };
  return {
    required: !optional,
    content: {
      'application/json': json,
      ...(method === 'patch' && { [mergePatch]: json }),
      ...(csv !== undefined && { 'text/csv': { schema: { type: 'string' }, example: csv } }),
    },
  };
}

/** A hot route brings its compiled schema along: it is the one of the same shape in the list. */
function named(schema: TSchema): Json {
  const text = JSON.stringify(schema);
  const found = Object.entries(schemas).find(([, each]) => JSON.stringify(each) === text);
  return found ? refTo(found[0] as SchemaName) : schema;
}

function response({ description, schema, page, csv, binary }: OperationDefinition['answers'][number]): Json {
  if (binary) return { description, content: { [binary]: { schema: { type: 'string', format: 'binary' } } } };
  if (!schema) return { description };
  const shown = page
    ? {
        type: 'object',
        required: ['data', 'nextCursor'],
        properties: {
          data: { type: 'array', items: refTo(schema) },
          nextCursor: { type: ['string', 'null'] },
        },
      }
    : refTo(schema);
  return {
    description,
    content: {
      'application/json': { schema: shown },
      ...(csv && { 'text/csv': { schema: { type: 'string' } } }),
    },
  };
}
