import { Controller, Get, Param, Res } from '@nestjs/common';
import { DomainError } from '@tearoff/contracts';
import type { FastifyReply } from 'fastify';
import { pageHeaders } from '../html/document';
import { barcodeOf, barcodePng } from './barcode';
import { CouponPageReader } from './coupon-page.reader';

/** The barcode alone, for wallets and mails that show it as a picture. Only while the coupon is valid. */
@Controller('c')
export class BarcodeController {
  constructor(private readonly reader: CouponPageReader) {}

  @Get(':token/barcode.svg')
  async svg(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    await this.show(
      token,
      reply,
      'image/svg+xml',
      (code, symbology) => barcodeOf(code, symbology)?.svg ?? null,
    );
  }

  @Get(':token/barcode.png')
  async png(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    await this.show(token, reply, 'image/png', barcodePng);
  }

  private async show(
    token: string,
    reply: FastifyReply,
    type: string,
    draw: (...code: Parameters<typeof barcodeOf>) => string | Promise<Buffer> | null,
  ): Promise<void> {
    const headers = { ...pageHeaders, 'content-security-policy': "default-src 'none'" };
    const face = await this.reader.read(token).catch((error: unknown) => {
      if (error instanceof DomainError) return undefined;
      throw error;
    });
    const picture = face?.state === 'valid' ? await draw(face.code, face.barcode) : null;
    if (picture !== null) return void reply.headers({ ...headers, 'content-type': type }).send(picture);
    // A code that its symbology cannot carry has no barcode, and the page shows the code alone.
    const status = face === undefined ? 503 : face === null || face.state === 'valid' ? 404 : 410;
    // An <img> shows nothing either way; the page itself says why.
    void reply
      .code(status)
      .headers({ ...headers, 'content-type': 'text/plain' })
      .send('');
  }
}
