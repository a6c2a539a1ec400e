import { forbidden } from '@tearoff/contracts';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '@tearoff/service-kit';

/**
 * Who may read the sandbox inbox. `key`: a key with the scope `marketing`, its own account's messages. `local`: a
 * browser on this machine, the messages of all accounts. `open`: anyone who reaches the gateway, the same.
 */
export const inboxAccess = ['key', 'local', 'open'] as const;
export type InboxAccess = (typeof inboxAccess)[number];

/**
 * Refuses a request that did not come from this machine by one of its loopback names (403 `sandbox.local_only`). The
 * Host header counts as well: a tunnel or a proxy on this machine passes on a public name, and so does a page elsewhere
 * whose name was made to resolve to 127.0.0.1 (DNS rebinding).
 */
export function requireLocal({ socket, headers }: FastifyRequest): void {
  const address = `http://${headers.host}`;
  const named = URL.canParse(address) ? new URL(address).hostname : '';
  const forwarded = headers['x-forwarded-for'] ?? headers.forwarded;
  if (!forwarded && isLoopback(socket.remoteAddress ?? '') && isLoopback(named)) return;
  throw forbidden(
    'sandbox.local_only',
    'The sandbox inbox is open on this machine only, at http://localhost. Elsewhere it needs a key: SANDBOX_INBOX=key.',
  );
}
