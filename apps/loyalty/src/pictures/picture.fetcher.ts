import type { OnApplicationShutdown } from '@nestjs/common';
import { AddressRefused, type AddressGuard } from '@tearoff/service-kit';
import { Agent, errors, type Dispatcher } from 'undici';
import { PictureFault } from './picture.fault';

/** What an answer before was marked with (RFC 9110, 8.8). */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

/** Null: it is as it was. */
export type Fetched = ({ body: Buffer } & Validators) | null;

export const maxBytes = 5_000_000;
const maxRedirects = 3;
const longestValidator = 200;
const redirects: readonly number[] = [301, 302, 303, 307, 308];
const schemes = ['https:', 'http:'];
/** Stores of files often know no better than the last two; the bytes decide. */
const types = /^(image\/(png|jpe?g|pjpeg|webp|gif)|(application|binary)\/octet-stream)$/;
const idleMs = 1_000;

/**
 * Reads a picture from an address that someone else gave us: a public one, wherever it is redirected to, within one
 * time limit and 5 MB.
 */
export class PictureFetcher implements OnApplicationShutdown {
  private readonly agent: Agent;

  constructor(
    private readonly guard: AddressGuard,
    private readonly timeoutMs: number,
  ) {
    this.agent = new Agent({
      connect: guard.connector,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Throws PictureFault. */
  async fetch(url: string, known: Validators, stop: AbortSignal): Promise<Fetched> {
    const { timeoutMs } = this;
    const timeUp = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await this.follow(url, known, AbortSignal.any([timeUp, stop]));
      return await picture(answer, known);
    } catch (error) {
      if (timeUp.aborted) throw new PictureFault(`it has not come within ${timeoutMs} ms`);
      throw wordsFor(error);
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.agent.destroy();
  }

  private async follow(
    url: string,
    known: Validators,
    signal: AbortSignal,
    redirected = 0,
  ): Promise<Dispatcher.ResponseData> {
    const answer = await this.ask(url, known, signal);
    const { location } = answer.headers;
    if (!redirects.includes(answer.statusCode) || typeof location !== 'string') return answer;
    dropped(answer.body);
    if (redirected === maxRedirects) throw new PictureFault('it is redirected too often');
    if (!URL.canParse(location, url)) throw new PictureFault('it is redirected to no URL');
    return this.follow(new URL(location, url).href, known, signal, redirected + 1);
  }

  private ask(
    url: string,
    { etag, lastModified }: Validators,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const fault = this.guard.faultOf(url, schemes);
    if (fault) throw new PictureFault(`its URL ${fault}`);
    const { origin, pathname, search } = new URL(url);
    return this.agent.request({
      origin,
      path: pathname + search,
      method: 'GET',
      headers: {
        'user-agent': 'Tearoff',
        accept: 'image/png, image/jpeg, image/webp, image/gif',
        'accept-encoding': 'identity',
        ...(etag && { 'if-none-match': etag }),
        ...(lastModified && { 'if-modified-since': lastModified }),
      },
      signal,
    });
  }
}

async function picture(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  { etag, lastModified }: Validators,
): Promise<Fetched> {
  try {
    if (statusCode === 304 && (etag || lastModified)) return null;
    if (statusCode !== 200) throw new PictureFault(`the answer was ${statusCode}`);
    const { 'content-type': type, 'content-encoding': encoding, 'content-length': length } = headers;
    const [essence] = String(type ?? 'application/octet-stream').split(';');
    if (!types.test(essence.trim().toLowerCase()))
      throw new PictureFault(`it is said to be ${essence.trim().slice(0, 100)}`);
    if (encoding !== undefined && encoding !== 'identity') throw new PictureFault('it is compressed');
    if (Number(length ?? 0) > maxBytes) throw tooLarge();
    return {
      body: await allOf(body),
      etag: validator(headers.etag),
      lastModified: validator(headers['last-modified']),
    };
  } finally {
    dropped(body);
  }
}

async function allOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** With a listener: a body that is given up early is an error to undici. */
function dropped(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined).destroy();
}

const validator = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' && value !== '' && value.length <= longestValidator ? value : null;

const tooLarge = (): PictureFault => new PictureFault(`it is larger than ${maxBytes / 1_000_000} MB`);

function wordsFor(error: unknown): PictureFault {
  if (error instanceof PictureFault) return error;
  if (error instanceof AddressRefused) return new PictureFault(error.message);
  if (error instanceof errors.InvalidArgumentError)
    return new PictureFault(`it cannot be asked for: ${error.message}`);
  const { message, code } = error as NodeJS.ErrnoException;
  return new PictureFault(`it did not come: ${message || code}`);
}
