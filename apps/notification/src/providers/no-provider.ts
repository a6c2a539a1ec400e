import { PermanentFailure, type Provider } from './provider';

/** Of a channel that no one has set up: refuses every message rather than lose it in a sandbox unseen. */
export class NoProvider implements Provider {
  readonly name = 'none';
  readonly idempotent = true;
  readonly concurrency = 50;
  readonly listConcurrency = 40;

  send(): Promise<never> {
    return Promise.reject(new PermanentFailure('no provider is set up for this channel'));
  }

  async close(): Promise<void> {}
}
