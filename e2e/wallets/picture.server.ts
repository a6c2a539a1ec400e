import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A marketer's own web server: what they have put where, with the ETag that its content gives it. */
export class PictureServer {
  readonly asked: { path: string; status: number }[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly server = createServer((request, response) => {
    const path = request.url!;
    response.once('finish', () => this.asked.push({ path, status: response.statusCode }));
    const answer = this.answers.get(path);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });

  async start(): Promise<void> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  put(path: string, body: Buffer | string, type: string): string {
    const etag = `"${Buffer.byteLength(body)}-${this.answers.size}-${Date.now()}"`;
    return this.on(path, (request, response) => {
      const known = request.headers['if-none-match'] === etag;
      response.writeHead(known ? 304 : 200, { 'content-type': type, etag }).end(known ? undefined : body);
    });
  }

  on(path: string, answer: Answer): string {
    this.answers.set(path, answer);
    return this.url(path);
  }

  remove(path: string): void {
    this.answers.delete(path);
  }
}
