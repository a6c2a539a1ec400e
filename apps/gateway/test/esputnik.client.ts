import { request } from 'node:http';

export interface Reply {
  http: number;
  text: string;
  // As a PHP client would have it: an array of whatever came.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

/** What is seen of clients in the wild. */
export interface Habits {
  trailingSlash?: boolean;
  connectionClose?: boolean;
  charset?: boolean;
  /** Sends `[]` with a GET. */
  bodyWithGet?: boolean;
  bearer?: boolean;
  user?: string;
}

/** A client of the eSputnik API v1 as its guide describes it; it knows nothing of who answers. */
export class EsputnikClient {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string | null,
    private readonly habits: Habits = {},
  ) {}

  post(path: string, body: unknown): Promise<Reply> {
    return this.ask('POST', path, JSON.stringify(body));
  }

  get(path: string): Promise<Reply> {
    return this.ask('GET', path, this.habits.bodyWithGet ? '[]' : undefined);
  }

  /** `body` is sent as it is. */
  ask(method: string, path: string, body?: string): Promise<Reply> {
    const [address, query] = path.split('?');
    const url = `${this.baseUrl}/${address}${this.habits.trailingSlash ? '/' : ''}${query ? `?${query}` : ''}`;
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers: this.headers(body) }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => {
          const isJson = response.headers['content-type']?.startsWith('application/json');
          resolve({ http: response.statusCode!, text, json: isJson ? JSON.parse(text) : undefined });
        });
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  private headers(body: string | undefined): Record<string, string> {
    const { user = '', bearer, charset, connectionClose } = this.habits;
    const basic = `Basic ${Buffer.from(`${user}:${this.key}`).toString('base64')}`;
    return {
      ...(this.key !== null && { Authorization: bearer ? `Bearer ${this.key}` : basic }),
      ...(connectionClose && { Connection: 'close' }),
      ...(body !== undefined && {
        'Content-Type': `application/json${charset ? '; charset=utf-8' : ''}`,
        'Content-Length': String(Buffer.byteLength(body)),
      }),
      Accept: 'application/json',
    };
  }
}
