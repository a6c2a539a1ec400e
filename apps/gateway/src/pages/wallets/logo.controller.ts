import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { drawLogo } from './logo';

/** The logo of cards that have none: Google fetches a logo from an address, and takes no card without one. */
@Controller('wallet')
export class LogoController {
  private logo?: Buffer;

  @Get('logo.png')
  show(@Res() reply: FastifyReply): void {
    void reply
      .headers({ 'content-type': 'image/png', 'cache-control': 'public, max-age=86400' })
      .send((this.logo ??= drawLogo()));
  }
}
