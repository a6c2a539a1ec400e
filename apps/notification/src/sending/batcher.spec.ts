import { Batcher } from './batcher';

describe('a gatherer', () => {
  it('works on what has gathered meanwhile, and gives each its own result', async () => {
    const batches: number[][] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const doubler = new Batcher<number, number>(async (items) => {
      batches.push(items);
      await gate;
      return items.map((item) => item * 2);
    }, 3);
    const first = doubler.add(1);
    await new Promise(setImmediate);
    const rest = [2, 3, 4, 5].map((item) => doubler.add(item));
    open();
    expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8, 10]);
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('fails those of the batch that failed, and goes on', async () => {
    const picky = new Batcher<string, string>(
      (items) => (items.includes('bad') ? Promise.reject(new Error('no')) : Promise.resolve(items)),
      1,
    );
    const [bad, good] = await Promise.allSettled([picky.add('bad'), picky.add('good')]);
    expect(bad.status).toBe('rejected');
    expect(good).toEqual({ status: 'fulfilled', value: 'good' });
  });
});
