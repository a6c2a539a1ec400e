import type { FastifyRequest } from 'fastify';
import { credentialsOf } from '../../access/api-keys/credentials';
import type { Facade } from '../facade';

const unauthorized = 'This needs HTTP Basic with a valid client id and secret.';

/** HTTP Basic, and errors that name what is wrong in one word and in a sentence. */
export const liquidBarcodes: Facade = {
  prefix: '/liquidbarcodes/',

  credentialsOf({ headers: { authorization } }: FastifyRequest) {
    if (authorization === undefined) return null;
    return /^basic /i.test(authorization) ? credentialsOf({ authorization }) : 'malformed';
  },

  answerTo(_error, { status, body: { code, detail, errors } }) {
    const faults = errors?.map(({ path, message }) => ({ Field: path.slice(1), Message: message }));
    return {
      status,
      body: {
        ErrorCode: wordOf(code.replace(/^webhook\b/, 'listener')),
        ErrorMessage: status === 401 ? unauthorized : detail,
        ...(faults && { Errors: faults }),
      },
    };
  },
};

/** `recipient.limit_reached` → `RecipientLimitReached`. */
const wordOf = (code: string): string =>
  code.replace(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase());
