import { createServer } from 'node:net';

/** Someone else has the port. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(port: number) {
    super(`Port ${port} is in use: stop what listens there, or set PORT to another one.`);
  }
}

/** HOST is no address of this machine. */
export class HostUnusableError extends Error {
  override readonly name = 'HostUnusableError';

  constructor(host: string, code: string) {
    super(`HOST=${host} is not an address of this machine that can be listened on (${code}).`);
  }
}

const unusableHost = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL', 'EAFNOSUPPORT'];

/** Rejects with PortInUseError or HostUnusableError at once, rather than after everything else has been started. */
export function checkPort(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE') reject(new PortInUseError(port));
      else if (unusableHost.includes(code)) reject(new HostUnusableError(host, code));
      // Anything else is reported by the real attempt to listen.
      else resolve();
    });
    probe.listen({ port, host }, () => probe.close(() => resolve()));
  });
}
