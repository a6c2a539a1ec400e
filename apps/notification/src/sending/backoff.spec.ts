import { waitBeforeNext } from './backoff';

const policy = { attempts: 6, retryMs: 30_000 };

describe('the wait before the next attempt', () => {
  it('triples, an hour in all', () => {
    const waits = [1, 2, 3, 4, 5].map((attempts) => waitBeforeNext(policy, attempts, 0, 0.5));
    expect(waits).toEqual([30_000, 90_000, 270_000, 810_000, 2_430_000]);
    expect(waitBeforeNext(policy, 6)).toBeNull();
  });

  it('is spread over a quarter either way', () => {
    expect(waitBeforeNext(policy, 1, 0, 0)).toBe(22_500);
    expect(waitBeforeNext(policy, 1, 0, 1)).toBe(37_500);
  });

  it('is as long as the provider asks for, up to an hour', () => {
    expect(waitBeforeNext(policy, 1, 120_000, 0.5)).toBe(120_000);
    expect(waitBeforeNext(policy, 1, 86_400_000, 0.5)).toBe(3_600_000);
  });
});
