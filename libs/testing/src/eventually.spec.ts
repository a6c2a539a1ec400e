import { eventually } from './eventually';

describe('eventually', () => {
  it('returns the first value that is neither an error nor false', async () => {
    let calls = 0;
    const value = await eventually(() => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return calls > 2 ? 'done' : false;
    });
    expect([value, calls]).toEqual(['done', 3]);
  });

  it('throws the last error when the time is up', async () => {
    const hopeless = eventually(() => Promise.reject(new Error('still closed')), {
      timeoutMs: 30,
      intervalMs: 5,
    });
    await expect(hopeless).rejects.toThrow('Not so after 30 ms: still closed');
  });
});
