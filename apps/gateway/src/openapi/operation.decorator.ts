import { applyDecorators } from '@nestjs/common';
import { RouteConfig, RouteSchema } from '@nestjs/platform-fastify';
import type { TSchema } from '@sinclair/typebox';
import type { Scope } from '../api-keys/scopes';
import type { SchemaName } from './schemas';

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: OperationDefinition;
  }
}

export interface Example {
  summary: string;
  value: unknown;
}

export interface OperationDefinition {
  /** The noun under which /docs lists it. */
  tag: string;
  summary: string;
  description?: string;
  scopes: readonly Scope[];
  body?: {
    schema: TSchema | SchemaName;
    examples: Record<string, Example>;
    /** The compiled schema is the check itself; other routes have a DTO class. */
    hot?: boolean;
    /** Takes `text/csv` too, as a stream; the text is an example. */
    csv?: string;
    /** Of JSON; the server's own limit (1 MB) unless told. */
    maxBytes?: number;
    /** May be left out altogether. */
    optional?: boolean;
  };
  /** A DTO class; its members become the parameters. */
  query?: new () => object;
  /** By status. `page` = a list of it; without a schema the answer has no body. */
  answers: Record<number, { description: string; schema?: SchemaName; page?: boolean; csv?: boolean }>;
  /** The problem codes that are this route's own, by status. */
  problems?: Record<number, readonly string[]>;
  /** Honours `Prefer: wait=N`. */
  prefer?: boolean;
}

/** Everything that is said about a route in one place: who may call it, and its page in the OpenAPI document. */
export function Operation(operation: OperationDefinition): MethodDecorator {
  const { scopes, body } = operation;
  const decorators: MethodDecorator[] = [RouteConfig({ scopes, csv: body?.csv !== undefined, operation })];
  if (body?.hot) decorators.push(RouteSchema({ body: body.schema }));
  return applyDecorators(...decorators);
}
