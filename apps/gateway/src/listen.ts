import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Someone else has the port. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(readonly port: number) {
    super(`port ${port} is in use: stop what listens there, or set PORT to another one`);
  }
}

/** Listens on every address, IPv6 and IPv4, or IPv4 alone where that is all there is. Answers the local URL. */
export async function listen(app: NestFastifyApplication, port: number): Promise<string> {
  for (const host of ['::', '0.0.0.0']) {
    try {
      await app.listen({ port, host });
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') throw new PortInUseError(port);
      if (host === '0.0.0.0' || (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL')) throw error;
    }
  }
  return `http://localhost:${(app.getHttpServer().address() as AddressInfo).port}`;
}
