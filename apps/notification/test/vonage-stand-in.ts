import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface VonageCall {
  authorization: string;
  body: Record<string, unknown>;
}

/** How it answers a call; nothing = it takes the message, `hang` = it never answers, `drop` = it hangs up. */
export type VonageAnswer =
  { status: number; problem?: object; headers?: Record<string, string> } | 'hang' | 'drop' | undefined;

/** A server that speaks the vendor's Messages API: `POST /v1/messages` → 202 `{message_uuid}` or a problem. */
export class VonageStandIn {
  readonly calls: VonageCall[] = [];
  connections = 0;
  answer: (call: VonageCall, count: number) => VonageAnswer = () => undefined;
  private readonly hanging = new Set<ServerResponse>();

  private constructor(private readonly server: Server) {
    server.on('connection', () => (this.connections += 1));
    server.on('request', (request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => (text += part));
      request.on('end', () => {
        if (request.method !== 'POST' || request.url !== '/v1/messages') return response.writeHead(404).end();
        const call = {
          authorization: request.headers.authorization ?? '',
          body: JSON.parse(text) as VonageCall['body'],
        };
        this.calls.push(call);
        return this.reply(response, this.answer(call, this.calls.length), call);
      });
    });
  }

  static async start(): Promise<VonageStandIn> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new VonageStandIn(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The environment of a service that sends through it. */
  get env(): NodeJS.ProcessEnv {
    return {
      SMS_PROVIDER: 'vonage',
      VONAGE_API_URL: this.url,
      VONAGE_API_KEY: 'abcd1234',
      VONAGE_API_SECRET: 'not-a-secret',
      VONAGE_FROM: 'Tearoff',
    };
  }

  callsFor(deliveryId: string): VonageCall[] {
    return this.calls.filter(({ body }) => body.client_ref === deliveryId);
  }

  /** Answers, late, what it was hanging on. */
  release(): void {
    for (const response of this.hanging) this.accept(response, 'late');
    this.hanging.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private reply(response: ServerResponse, answer: VonageAnswer, { body }: VonageCall): unknown {
    if (answer === 'hang') return this.hanging.add(response);
    if (answer === 'drop') return response.destroy();
    if (!answer) return this.accept(response, String(body.client_ref));
    response.writeHead(answer.status, { 'content-type': 'application/problem+json', ...answer.headers });
    return response.end(answer.problem ? JSON.stringify(answer.problem) : '');
  }

  private accept(response: ServerResponse, reference: string): void {
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message_uuid: `uuid-${reference}` }));
  }
}
