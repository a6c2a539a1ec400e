import type { OnApplicationShutdown } from '@nestjs/common';
import { invalid, unavailable, type DomainError } from '@tearoff/contracts';
import { AddressGuard, AddressRefused } from '@tearoff/service-kit';
import { Agent, errors, type Dispatcher } from 'undici';

export interface HttpCall {
  url: string;
  /** POST by default. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** The same each time the same call is repeated; goes out as `webhook-id`. */
  id?: string;
}

export interface HttpAnswer {
  status: number;
  /** Its first 64 kB. */
  body: string;
  /** The header of a 429 or 503, as it came. */
  retryAfter?: string;
}

export interface HttpCallerOptions {
  /** Also `http:`, and addresses inside one's own network. */
  allowPrivate: boolean;
  /** That may be called besides 443. */
  ports?: readonly number[];
  /** For all of it, from the lookup to the end of the answer. */
  timeoutMs: number;
  guard?: AddressGuard;
}

const maxBytes = 65_536;
const busy = [429, 503];
/** Shorter than most servers', so that a connection which the other side is just closing is not picked. */
const idleMs = 3_000;
/** What frames the message, or says whom it is for, is ours to say. */
const ours =
  /^(host|connection|content-length|transfer-encoding|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;

/**
 * Calls addresses that someone else gave us: public ones only, https only, no redirect followed, one time limit and a
 * bound on what is read.
 */
export class HttpCaller implements OnApplicationShutdown {
  private readonly guard: AddressGuard;
  private readonly agent: Agent;

  constructor(private readonly options: HttpCallerOptions) {
    this.guard = options.guard ?? AddressGuard.from(options);
    this.agent = new Agent({
      connect: this.guard.connector,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** What is wrong with a URL as far as it can be told without asking anyone; null = nothing. */
  faultOf(text: string): string | null {
    return this.guard.faultOf(text, this.options.allowPrivate ? ['https:', 'http:'] : ['https:']);
  }

  /**
   * Resolves with whatever was answered, a redirect too. Throws `webhook.url_refused` (invalid) where the address may
   * not be written to, `webhook.no_answer` (unavailable) where none came; then it may have arrived all the same.
   */
  async call(
    { url, method = 'POST', headers = {}, body, id }: HttpCall,
    signal?: AbortSignal,
  ): Promise<HttpAnswer> {
    const fault = this.faultOf(url);
    if (fault) throw refusedUrl(`The URL ${fault}.`);
    const { origin, pathname, search } = new URL(url);
    const { timeoutMs } = this.options;
    const timeUp = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await this.agent.request({
        origin,
        path: pathname + search,
        method: method.toUpperCase(),
        headers: {
          'user-agent': 'Tearoff',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...cleaned(headers),
          ...(id !== undefined && { 'webhook-id': id }),
        },
        body,
        signal: signal ? AbortSignal.any([timeUp, signal]) : timeUp,
      });
      const { statusCode: status } = answer;
      const retryAfter = busy.includes(status) ? answer.headers['retry-after'] : undefined;
      return {
        status,
        body: await firstOf(answer.body),
        ...(typeof retryAfter === 'string' && { retryAfter }),
      };
    } catch (error) {
      throw wordsFor(error, timeUp.aborted ? `no answer within ${timeoutMs} ms` : null);
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.agent.destroy();
  }
}

const cleaned = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ours.test(name))
      .map(([name, value]) => [name.toLowerCase(), value]),
  );

/** The status has said it: an answer that breaks off or never ends is as good as its beginning. */
async function firstOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= maxBytes) break;
    }
  } catch {
    // What came is kept.
  }
  return Buffer.concat(parts).subarray(0, maxBytes).toString();
}

function wordsFor(error: unknown, instead: string | null): DomainError {
  if (error instanceof AddressRefused) return refusedUrl(`${error.message}.`);
  if (error instanceof errors.InvalidArgumentError)
    return refusedUrl(`The call cannot be made: ${error.message}.`);
  const { message, code } = error as NodeJS.ErrnoException;
  return unavailable('webhook.no_answer', `No answer: ${instead ?? (message || code)}.`);
}

const refusedUrl = (message: string): DomainError => invalid('webhook.url_refused', message);
