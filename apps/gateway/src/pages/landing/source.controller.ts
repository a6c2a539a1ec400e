import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Res } from '@nestjs/common';
import { notFound } from '@tearoff/contracts';
import type { FastifyReply } from 'fastify';

/** Written by the build, at the top of dist/. */
const archive = join(__dirname, '../../../../../source.tar.gz');

/** Where this version's source is to be had when no SOURCE_URL says so; null where the build could not pack it. */
export const ownSource = (): string | null => (existsSync(archive) ? '/source.tar.gz' : null);

/** The source that this system was built from, for its users: AGPL-3.0, section 13. */
@Controller()
export class SourceController {
  @Get('source.tar.gz')
  download(@Res() reply: FastifyReply): void {
    if (!ownSource()) throw notFound('source.not_packed', 'This system was built without its source.');
    void reply
      .headers({
        'content-type': 'application/gzip',
        'content-length': statSync(archive).size,
        'content-disposition': 'attachment; filename="tearoff-source.tar.gz"',
        'cache-control': 'public, max-age=3600',
      })
      .send(createReadStream(archive));
  }
}
