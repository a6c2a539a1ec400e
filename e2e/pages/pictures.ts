import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Pictures {
  url: string;
  close(): Promise<void>;
}

const coffee =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 250"><rect width="600" height="250" fill="#c8895a"/>' +
  '<circle cx="300" cy="125" r="95" fill="#f6eee6"/><circle cx="300" cy="125" r="74" fill="#5b3420"/>' +
  '<path d="M300 90c25-30 60 5 0 55-60-50-25-85 0-55z" fill="#e9cfae"/></svg>';

/** A brand's own web server, as far as a coupon's picture is concerned. */
export async function startPictures(): Promise<Pictures> {
  const server = createServer((request, response) => {
    const found = request.url === '/coffee.svg';
    response.writeHead(found ? 200 : 404, { 'content-type': 'image/svg+xml' }).end(found ? coffee : '');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
