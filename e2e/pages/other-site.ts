import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OtherSite {
  origin: string;
  close(): Promise<void>;
}

/**
 * A shop's own page with the widget on it, under a policy that lets in nothing but the widget's script and its calls,
 * and with a style sheet that would ruin any form it reached.
 */
export async function startOtherSite(
  widget: () => { url: string; campaign: string; key: string },
): Promise<OtherSite> {
  const server = createServer((request, response) => {
    if (request.url === '/shop.css') {
      response
        .setHeader('content-type', 'text/css')
        .end('* { color: #a00 !important; background: #fff; font-size: 5px; display: inline } ');
      return;
    }
    const { url, campaign, key } = widget();
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; img-src data:; style-src 'self'; script-src ${url}; connect-src ${url}; base-uri 'none'; form-action 'none'`,
    );
    response.end(`<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,">
      <meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/shop.css"></head>
      <body><main><h1>Shop</h1>
      <script src="${url}/widget.js" data-campaign="${campaign}" data-key="${key}" data-source="shop:footer"></script>
      </main></body></html>`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
