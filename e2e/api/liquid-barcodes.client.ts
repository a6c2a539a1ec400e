export interface Reply {
  http: number;
  // As anyone who integrates it would have it.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

/** A client of the Liquid Barcodes Content and POS API as its support pages describe it. */
export class LiquidBarcodesClient {
  constructor(
    private readonly baseUrl: string,
    private readonly credentials: string | null,
  ) {}

  issueRequest(request: object): Promise<Reply> {
    return this.ask('POST', 'content/IssueRequest', request);
  }

  pos(call: 'Reserve' | 'Validate' | 'Cancel', request: object): Promise<Reply> {
    return this.ask('POST', `pos/${call}`, request);
  }

  async ask(method: string, path: string, body?: object | string): Promise<Reply> {
    const authorization = `Basic ${Buffer.from(this.credentials ?? '').toString('base64')}`;
    const response = await fetch(`${this.baseUrl}/${path}`, {
      method,
      headers: {
        ...(this.credentials !== null && { authorization }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { http: response.status, json: await response.json() };
  }
}
