import { get, type IncomingMessage } from 'node:http';

export interface EventStream {
  status: number;
  headers: IncomingMessage['headers'];
  /** Everything that came so far. */
  text(): string;
  states(): string[];
  ended: Promise<void>;
  close(): void;
}

/** Listens to server-sent events as plain text. */
export function openStream(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: () => text,
        states: () => [...text.matchAll(/"state":"(\w+)"/g)].map(([, state]) => state),
        ended: new Promise((done) => response.once('close', done)),
        close: () => request.destroy(),
      });
    });
    request.once('error', reject);
  });
}
