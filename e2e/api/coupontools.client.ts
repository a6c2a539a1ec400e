/** How the vendor's customers send their credentials. */
export type Authentication = 'X-Client-Id' | 'x-api-key' | 'body';
export type Encoding = 'json' | 'form';

export interface Reply {
  http: number;
  // As a PHP client would have it: an array of whatever came.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

/** A client of the Coupontools REST API as its documentation describes it; it knows nothing of who answers. */
export class CoupontoolsClient {
  constructor(
    private readonly baseUrl: string,
    private readonly id: string,
    private readonly secret: string,
    private readonly authentication: Authentication = 'X-Client-Id',
    private readonly encoding: Encoding = 'json',
  ) {}

  async post(
    endpoint: string,
    parameters: Record<string, unknown> = {},
    extra: Record<string, string> = {},
  ): Promise<Reply> {
    const inBody = this.authentication === 'body' && { client_id: this.id, client_secret: this.secret };
    const data = { ...inBody, ...parameters };
    const [type, body] =
      this.encoding === 'json'
        ? ['application/json', JSON.stringify(data)]
        : [
            'application/x-www-form-urlencoded',
            new URLSearchParams(data as Record<string, string>).toString(),
          ];
    return this.ask(endpoint, { method: 'POST', body, headers: { 'content-type': type, ...extra } });
  }

  get(endpoint: string, parameters: Record<string, string> = {}): Promise<Reply> {
    return this.ask(`${endpoint}?${new URLSearchParams(parameters).toString()}`, {});
  }

  /** With the credentials, and otherwise as told. */
  async ask(endpoint: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(`${this.baseUrl}/${endpoint}`, {
      ...init,
      headers: { ...this.headers(), ...(init.headers as Record<string, string> | undefined) },
    });
    return { http: response.status, json: await response.json() };
  }

  private headers(): Record<string, string> {
    if (this.authentication === 'X-Client-Id')
      return { 'X-Client-Id': this.id, 'X-Client-Secret': this.secret };
    if (this.authentication === 'x-api-key') return { 'x-api-key': this.id, 'x-api-secret': this.secret };
    return {};
  }
}

/** The failure of that shape, with these codes and words, index by index. */
export const failed = (...faults: [code: number, words: string][]): Reply => ({
  http: 422,
  json: {
    status: {
      status: 'failed',
      errors: {
        error_message: 'HTTP/1.0 422 Unprocessable entity.',
        error_message_description: faults.map(([, words]) => words),
        error_code: faults.map(([code]) => code),
      },
    },
  },
});
