import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isLoopback } from '@tearoff/service-kit';

/** Someone else has the port. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(readonly port: number) {
    super(`port ${port} is in use: stop what listens there, or set PORT to another one`);
  }
}

/** HOST is no address of this machine. */
export class HostUnusableError extends Error {
  override readonly name = 'HostUnusableError';

  constructor(host: string, code: string) {
    super(`HOST=${host} is not an address of this machine that can be listened on (${code})`);
  }
}

export interface ListenOptions {
  /** 0 takes a free one. */
  port: number;
  /** Absent = every address, IPv6 and IPv4, or IPv4 alone where that is all there is. */
  host?: string;
}

/** Answers the URL by which this machine reaches it. */
export async function listen(app: NestFastifyApplication, { port, host }: ListenOptions): Promise<string> {
  const hosts = host === undefined ? ['::', '0.0.0.0'] : [host];
  for (const each of hosts) {
    try {
      await app.listen({ port, host: each });
      break;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') throw new PortInUseError(port);
      const unusable = ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(code);
      if (host !== undefined && unusable) throw new HostUnusableError(host, code);
      if (!unusable || each === hosts.at(-1)) throw error;
    }
  }
  const { port: taken } = app.getHttpServer().address() as AddressInfo;
  return `http://${reachableName(host)}:${taken}`;
}

/** The name by which a browser on this machine reaches what listens on `host`. */
function reachableName(host: string | undefined): string {
  const everywhere = host === undefined || host === '0.0.0.0' || host === '::';
  if (everywhere || isLoopback(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
