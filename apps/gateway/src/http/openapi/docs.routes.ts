import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { asyncApiDocument } from '@tearoff/contracts';
import { apiVersion, openApiDocument } from './document';
import type { DocumentedRoute } from './routes';

// The viewer's own stylesheet sets inline styles and data: images; nothing comes from another host.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tearoff API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="/docs/assets/favicon-32x32.png">
</head>
<body>
<div id="api"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/init.js"></script>
</body>
</html>
`;
const init = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, persistAuthorization: false });\n`;

/** `/openapi.json`, `/asyncapi.json` (the messages between the services), and `/docs` to browse it: Swagger UI from our own disk. */
export async function registerDocs(
  server: FastifyInstance,
  routes: readonly DocumentedRoute[],
): Promise<void> {
  const serveDocument = (path: string, documentOf: () => object): void => {
    let document: string | undefined;
    server.get(path, (_request, reply) =>
      reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send((document ??= JSON.stringify(documentOf()))),
    );
  };
  serveDocument('/openapi.json', () => openApiDocument(routes));
  serveDocument('/asyncapi.json', () => asyncApiDocument({ version: apiVersion }));
  const serve = (text: string, type: string) => (_request: unknown, reply: FastifyReply) =>
    reply.header('content-type', type).header('content-security-policy', policy).send(text);
  server.get('/docs', serve(page, 'text/html; charset=utf-8'));
  server.get('/docs/init.js', serve(init, 'text/javascript; charset=utf-8'));
  await server.register(fastifyStatic, {
    root: dirname(require.resolve('swagger-ui-dist/package.json')),
    prefix: '/docs/assets/',
    decorateReply: false,
    index: false,
    maxAge: '1d',
    // A part of a file is of its plain bytes, and the whole may have come compressed.
    acceptRanges: false,
    allowedPath: (path) => /^\/?(swagger-ui\.css|swagger-ui-bundle\.js|favicon-32x32\.png)$/.test(path),
  });
}
