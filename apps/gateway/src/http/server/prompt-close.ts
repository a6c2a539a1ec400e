import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

// How long a connection whose last answer was under way may outlive it.
const lookEveryMs = 50;

/**
 * On close, what is being answered is answered in full and no connection is waited for besides. Of itself Node closes
 * those that are idle at that moment, once: it waits for one that a browser opened ahead of need, and for the rest of
 * its keep-alive time for one whose answer was under way.
 */
export function registerPromptClose(server: FastifyInstance): void {
  const open = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.addHook('preClose', (done) => {
    const close = (): void => {
      server.server.closeIdleConnections();
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    };
    const looking = setInterval(close, lookEveryMs);
    server.server.once('close', () => clearInterval(looking));
    done();
  });
}
