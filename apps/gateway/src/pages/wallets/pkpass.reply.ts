import type { FastifyReply } from 'fastify';

interface Signed {
  serialNumber: string;
  pkpass: string;
  changedAt: string;
  development: boolean;
}

/** Kept by the phone alone; `X-Pass-Certificate: development` says that a phone refuses it. */
export function sendPkpass(
  reply: FastifyReply,
  { serialNumber, pkpass, changedAt, development }: Signed,
): void {
  void reply
    .headers({
      'content-type': 'application/vnd.apple.pkpass',
      'content-disposition': `attachment; filename="${serialNumber}.pkpass"`,
      'last-modified': new Date(changedAt).toUTCString(),
      'cache-control': 'no-store, private',
      'x-robots-tag': 'noindex, nofollow',
      ...(development && { 'x-pass-certificate': 'development' }),
    })
    .send(Buffer.from(pkpass, 'base64'));
}
