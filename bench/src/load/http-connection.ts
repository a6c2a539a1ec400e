import { connect, type Socket } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/**
 * One keep-alive HTTP/1.1 connection with one request in flight. Reads no more of an answer than its status
 * and its length: a client library would take as much of the processor as the service under load.
 */
export class HttpConnection {
  private readonly socket: Socket;
  private pending: Buffer = Buffer.alloc(0);
  /** Bytes that the answer under way takes; 0 = its head is not complete yet. */
  private expected = 0;
  private settle?: { resolve(status: number): void; reject(error: Error): void };
  private body = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  /** The answer's status. */
  request(bytes: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  /** The body of the last answer, for telling what went wrong. */
  get lastBody(): string {
    return this.body;
  }

  close(): void {
    this.settle = undefined;
    this.socket.destroy();
  }

  private onData(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    if (this.expected === 0) {
      const end = this.pending.indexOf(headEnd);
      if (end < 0) return;
      const head = this.pending.toString('latin1', 0, end);
      const length = /\r\ncontent-length: *(\d+)/i.exec(head);
      if (!length) return this.fail(new Error(`an answer without a length: ${head.slice(0, 100)}`));
      this.expected = end + 4 + Number(length[1]);
    }
    if (this.pending.length < this.expected) return;
    const answer = this.pending;
    const status = Number(answer.toString('latin1', 9, 12));
    if (status >= 400) this.body = answer.toString('utf8', answer.indexOf(headEnd) + 4);
    this.pending = answer.subarray(this.expected);
    this.expected = 0;
    const settle = this.settle;
    this.settle = undefined;
    settle?.resolve(status);
  }

  private fail(error: Error): void {
    const settle = this.settle;
    this.settle = undefined;
    settle?.reject(error);
  }
}

/** A POST of JSON, ready to be written. */
export function postBytes(path: string, headers: Record<string, string>, body: string): Buffer {
  const length = String(Buffer.byteLength(body));
  const described = { 'content-type': 'application/json', 'content-length': length, ...headers };
  return Buffer.from(`${headOf('POST', path, described)}${body}`);
}

export const getBytes = (target: string, headers: Record<string, string>): Buffer =>
  Buffer.from(headOf('GET', target, headers));

function headOf(method: string, target: string, headers: Record<string, string>): string {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
