import { STATUS_CODES } from 'node:http';
import { DomainError } from '@tearoff/contracts';
import type { FastifyRequest } from 'fastify';
import { pairOf } from '../../access/api-keys/credentials';
import type { Facade } from '../facade';
import { faultsOf, type Fault } from './faults';

const wrongCredentials = 'Client ID or Secret not correct.';

/** How the vendor's clients authenticate and what they are told when something is wrong. */
export const coupontools: Facade = {
  prefix: '/coupontools/',

  credentialsOf({ headers, body }: FastifyRequest) {
    const { client_id: id, client_secret: secret } = (body ?? {}) as Record<string, unknown>;
    const given = [
      [headers['x-client-id'], headers['x-client-secret']],
      [headers['x-api-key'], headers['x-api-secret']],
      [id, secret],
    ].find((pair) => pair.some((part) => part !== undefined));
    return given ? pairOf(given[0], given[1]) : null;
  },

  answerTo(error, { status, body: { detail } }) {
    if (status === 401 || status === 403) {
      const words = status === 401 ? wrongCredentials : detail;
      return { status, body: failed({ error_message: `${lineOf(status)}. ${words}`, error_code: 1000 }) };
    }
    const refused = error instanceof DomainError && error.kind !== 'unavailable' && error.kind !== 'internal';
    if (refused && error.code !== 'rate.limited')
      return { status: 422, body: unprocessable(faultsOf(error)) };
    const message = `${lineOf(status)}.`;
    return {
      status,
      body: failed({ error_message: message, error_message_description: [detail], error_code: [status] }),
    };
  },
};

const failed = (errors: object) => ({ status: { status: 'failed', errors } });

const unprocessable = (faults: readonly Fault[]) =>
  failed({
    error_message: 'HTTP/1.0 422 Unprocessable entity.',
    error_message_description: faults.map(({ description }) => description),
    error_code: faults.map(({ code }) => code),
  });

const lineOf = (status: number): string => `HTTP/1.0 ${status} ${STATUS_CODES[status] ?? 'Error'}`;
