import { createServer } from 'node:net';

/** Someone else has the port. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(port: number) {
    super(`Port ${port} is in use: stop what listens there, or set PORT to another one.`);
  }
}

/** Rejects with PortInUseError at once, rather than after everything else has been started. */
export function checkPort(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new PortInUseError(port));
      // Anything else is told by the real attempt to listen.
      else resolve();
    });
    probe.listen({ port, host }, () => probe.close(() => resolve()));
  });
}
