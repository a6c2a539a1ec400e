import { applyDecorators } from '@nestjs/common';
import { RouteConfig, RouteSchema } from '@nestjs/platform-fastify';
import type { TSchema } from '@sinclair/typebox';
import type { Scope } from '../../access/api-keys/scopes';
import type { SchemaName } from './schemas';

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: OperationDefinition;
    /** Of a hot route: what handles it. */
    handledBy?: { controller: new (...parts: never[]) => object; method: string | symbol };
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
    /**
     * The compiled schema is the check itself; other routes have a DTO class. The handler is called with
     * Fastify's request and reply, without Nest in between, and says its status itself when it is not 200.
     */
    hot?: boolean;
    /** Takes `text/csv` too, as a stream; the text is an example. */
    csv?: string;
    /** Of JSON; the server's own limit (1 MB) by default. */
    maxBytes?: number;
    /** The handler refuses texts that cannot be stored: of a list, the row and not the whole. */
    checksTexts?: boolean;
    /** May be left out altogether. */
    optional?: boolean;
  };
  /** A DTO class; its members become the parameters. */
  query?: new () => object;
  /** By status. `page` = a list of it; without a schema the answer has no body. */
  answers: Record<
    number,
    {
      description: string;
      schema?: SchemaName;
      page?: boolean;
      csv?: boolean;
      /** The content type of an answer that is a file. */
      binary?: string;
    }
  >;
  /** The problem codes that are this route's own, by status. */
  problems?: Record<number, readonly string[]>;
  /** Honours `Prefer: wait=N`: for what it waits. */
  prefer?: string;
}

/** Everything that is said about a route in one place: who may call it, and its page in the OpenAPI document. */
export function Operation(operation: OperationDefinition): MethodDecorator {
  const { scopes, body } = operation;
  const config = { scopes, csv: body?.csv !== undefined, operation };
  if (!body?.hot) return applyDecorators(RouteConfig(config));
  return (target, method, descriptor: PropertyDescriptor) => {
    const handledBy = { controller: target.constructor, method };
    applyDecorators(RouteConfig({ ...config, handledBy }), RouteSchema({ body: body.schema }))(
      target,
      method,
      descriptor,
    );
  };
}
