import { DomainError } from '@tearoff/contracts';
import { isStorable } from '@tearoff/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { encodingFault, unsupported } from './content-encoding';
import { rawBodyFault } from './raw-body';

const maxDepth = 32;
const suspicious = /\\u(0000|d[89a-f])/i;

/**
 * The JSON body parser. Refuses, besides what is no JSON: `__proto__`, texts PostgreSQL cannot store (a NUL,
 * half a surrogate pair) and nesting so deep that recursive code would run out of stack. An empty body is
 * `undefined`: some clients name a content type on every POST. A PATCH may name merge-patch+json. An operation whose
 * body `checksTexts` looks for what cannot be stored itself.
 */
export function registerJsonBody(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    ['application/json', mergePatch],
    { parseAs: 'string' },
    (request: FastifyRequest, text: string, done) => {
      const fault = encodingFault(request) ?? mergePatchFault(request) ?? rawBodyFault(request, text);
      if (fault) return done(fault);
      if (request.routeOptions.config.rawBody) return done(null, text);
      if (text.trim() === '') return done(null, undefined);
      if (isTooDeep(text)) return done(malformed(`The body is nested more than ${maxDepth} levels deep.`));
      void parse(request, text, (error, body) => {
        if (error) return done(malformed('The body is not valid JSON.'));
        const { checksTexts = false } = request.routeOptions.config.operation?.body ?? {};
        if (!checksTexts && suspicious.test(text) && !isStorable(body)) return done(unstorableBody());
        done(null, body);
      });
    },
  );
}

/** RFC 7396: a PATCH takes nothing else, so there plain JSON means the same. */
export const mergePatch = 'application/merge-patch+json';

function mergePatchFault({ method, headers }: FastifyRequest): Error | null {
  const given = headers['content-type']?.trim().toLowerCase().startsWith(mergePatch);
  return given && method !== 'PATCH' ? unsupported() : null;
}

/** Of a text in a body or a list. */
export const unstorableText = 'holds a character that cannot be stored';

export const unstorableBody = (): DomainError =>
  malformed('A text in the body holds a character that cannot be stored.');

function malformed(message: string): DomainError {
  return new DomainError('request.malformed', 'invalid', message);
}

/** JSON within a text of the body, held to the same rules; undefined when it is none. */
export function jsonWithin(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text, (name, member: unknown) => {
      if (name === '__proto__') throw new SyntaxError(name);
      return member;
    });
    return isStorable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Brackets inside texts count only when there are too many brackets in all. */
function isTooDeep(text: string): boolean {
  let opened = 0;
  for (let i = 0; i < text.length && opened <= maxDepth; i++) {
    const character = text.charCodeAt(i);
    if (character === 0x7b || character === 0x5b) opened++;
  }
  return opened > maxDepth && depthOf(text) > maxDepth;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inText) {
      if (character === '\\') i++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}
