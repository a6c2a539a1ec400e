import type { ProblemResponse } from '@tearoff/service-kit';
import type { FastifyRequest } from 'fastify';
import type { Credentials } from '../access/api-keys/credentials';

/** Another vendor's API, spoken by this gateway: its addresses, its credentials and its errors. */
export interface Facade {
  /** What all its addresses begin with. */
  readonly prefix: string;
  /** Its clients name themselves in headers alone: a body is not read before they are known. */
  readonly beforeBody?: true;
  /** As `credentialsOf` of the native API; asked once the body has been read, unless `beforeBody`. */
  credentialsOf(request: FastifyRequest): Credentials | 'malformed' | null;
  /** Any error in the vendor's own shape: JSON, or plain text. `problem` is what the native API would have answered. */
  answerTo(error: unknown, problem: ProblemResponse): { status: number; body: object | string };
}
