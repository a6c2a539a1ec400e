import { eventually } from '@tearoff/testing';
import type { Provider } from '../providers/provider';
import type { ClaimedRow } from './claim';
import { Dispatcher } from './dispatcher';
import type { Outcome } from './outcomes';
import { Slots } from './slots';

/** A provider that takes a message when it is let. */
class SlowProvider implements Provider {
  readonly name = 'slow';
  readonly idempotent = false;
  readonly concurrency = 3;
  readonly listConcurrency = 2;
  readonly open: (() => void)[] = [];
  most = 0;

  send(): Promise<{ providerMessageId: null }> {
    return new Promise((resolve) => {
      this.open.push(() => resolve({ providerMessageId: null }));
      this.most = Math.max(this.most, this.open.length);
    });
  }

  finishOne(): void {
    this.open.shift()?.();
  }

  async close(): Promise<void> {}
}

const rowOf = (id: string): ClaimedRow => ({
  id,
  accountId: 'acc',
  couponId: null,
  campaignId: null,
  channel: 'sms',
  address: '+447911123456',
  attempts: 1,
  subject: null,
  text: 'hello',
  html: null,
  barcode: null,
  suppressed: false,
  abandonedWith: null,
  busyUntil: null,
});

function setUp(leaseMs = 60_000) {
  const provider = new SlowProvider();
  const slots = new Slots({ single: provider.concurrency, list: provider.listConcurrency });
  const claimed: string[][] = [];
  const outcomes: Outcome[] = [];
  const dispatcher = new Dispatcher({
    channel: 'sms',
    provider,
    slots: slots.of('single'),
    policy: { attempts: 3, retryMs: 10 },
    leaseMs,
    claim: (ids) => {
      claimed.push([...ids]);
      return Promise.resolve(ids.map(rowOf));
    },
    record: (outcome) => Promise.resolve(void outcomes.push(outcome)),
    lookAgain: () => Promise.resolve(),
  });
  slots.onFree('single', () => dispatcher.pump());
  return { provider, claimed, outcomes, dispatcher };
}

const items = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `d${index}`, context: null }));

describe('a dispatcher', () => {
  it('takes no more than the provider will be free for, and sends no more than it takes at a time', async () => {
    const { provider, claimed, outcomes, dispatcher } = setUp();
    const all = dispatcher.deliver(items(20));
    await eventually(() => expect(provider.open).toHaveLength(3));
    expect(claimed.flat()).toHaveLength(6);
    while (outcomes.length < 20) {
      provider.finishOne();
      await new Promise(setImmediate);
    }
    await all;
    expect(provider.most).toBe(3);
    expect(new Set(claimed.flat()).size).toBe(20);
  });

  it('lets go of what it has not begun when it is told to stop, and finishes what it has', async () => {
    const { provider, outcomes, dispatcher } = setUp();
    const all = dispatcher.deliver(items(10));
    await eventually(() => expect(provider.open).toHaveLength(3));
    dispatcher.drain();
    await eventually(() =>
      expect(outcomes.map(({ status }) => status)).toEqual(['released', 'released', 'released']),
    );
    for (let sent = 0; sent < 3; sent++) provider.finishOne();
    await expect(all).rejects.toMatchObject({ code: 'service.stopping' });
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array(3).fill('released'),
      ...Array(3).fill('sent'),
    ]);
  });

  it('lets go of what has waited for half its lease', async () => {
    const { provider, outcomes, dispatcher } = setUp(40);
    const all = dispatcher.deliver(items(6));
    await eventually(() => expect(provider.open).toHaveLength(3));
    const begun = Date.now();
    await eventually(() => Date.now() - begun > 40);
    for (let sent = 0; sent < 3; sent++) provider.finishOne();
    await all;
    expect(outcomes.filter(({ status }) => status === 'released')).toHaveLength(3);
  });

  it('fails the items of a set that could not be taken, so that the queue keeps them', async () => {
    const { dispatcher } = setUp();
    Object.assign((dispatcher as unknown as { parts: object }).parts, {
      claim: () => Promise.reject(new Error('the database is away')),
    });
    await expect(dispatcher.deliver(items(2))).rejects.toThrow('the database is away');
  });
});
