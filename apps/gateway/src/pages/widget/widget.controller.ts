import { hash } from 'node:crypto';
import { join } from 'node:path';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { asset } from '../html/document';

const read = (file: string): string => asset(join(__dirname, file)).text;

// One function around it all: nothing of ours becomes a name in the host's page.
const style = JSON.stringify(
  read('widget.css')
    .replace(/\s*([{}:;,])\s*/g, '$1')
    .replaceAll(';}', '}'),
);
const script =
  `(()=>{"use strict";\n${read('../claims/proof.client.js')}\n` +
  `${read('widget.client.js').replace('STYLE', () => style)}\n})();\n`;
const etag = `"${hash('sha256', script, 'base64url').slice(0, 22)}"`;

const headers = {
  'content-type': 'text/javascript; charset=utf-8',
  // A day, and then shown while a newer one is fetched: its address stands in pages that no one will edit.
  'cache-control': 'public, max-age=86400, stale-while-revalidate=604800',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  etag,
};

/** The form for other people's pages, in one line. */
@Controller()
export class WidgetController {
  @Get('widget.js')
  script(@Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): void {
    reply.headers(headers);
    if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) void reply.code(304).send();
    else void reply.send(script);
  }
}
