import { TemporaryFailure, type Provider } from './provider';

/** The provider, telling whenever it has been given more than it takes; with what it says to wait, or 0. */
export const watched = (provider: Provider, onThrottled: (retryAfterMs: number) => void): Provider => ({
  name: provider.name,
  idempotent: provider.idempotent,
  concurrency: provider.concurrency,
  listConcurrency: provider.listConcurrency,
  send: (message) =>
    provider.send(message).catch((error: unknown) => {
      if (error instanceof TemporaryFailure && error.throttled) onThrottled(error.retryAfterMs);
      throw error;
    }),
  close: () => provider.close(),
});
