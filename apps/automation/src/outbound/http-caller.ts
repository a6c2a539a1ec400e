export interface HttpCall {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** The same when the same call is made again; goes out as `webhook-id`. */
  id: string;
}

const timeoutMs = 10_000;

/** Calls that an account's definitions ask for, to addresses of its choice. */
export class HttpCaller {
  async call({ url, method, headers, body, id }: HttpCall): Promise<{ status: number; body: string }> {
    const answer = await fetch(url, {
      method,
      body,
      redirect: 'manual',
      headers: { ...headers, 'webhook-id': id },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.status, body: await answer.text() };
  }
}
