import type { WalletDue } from '@tearoff/contracts';
import type { AddOptions, Outbox, Transaction } from '@tearoff/messaging';
import { enqueueWallets, graceMs } from './due';

interface Added {
  ids: string[];
  at: number;
}

async function enqueued(dueTimes: readonly number[]): Promise<Added[]> {
  const added: Added[] = [];
  const add = (_tx: Transaction, _event: typeof WalletDue, items: { walletId: string }[], rest: AddOptions) =>
    Promise.resolve(
      void added.push({ ids: items.map(({ walletId }) => walletId), at: rest.availableAt!.getTime() }),
    );
  const wallets = dueTimes.map((time, index) => ({ id: `w${index}`, dueAt: new Date(time) }));
  await enqueueWallets({ add } as unknown as Outbox, {} as Transaction, wallets);
  return added;
}

describe('wallets that are due', () => {
  const noon = Date.parse('2026-01-01T12:00:00Z');

  it('at about the same time travel together', async () => {
    const times = Array.from({ length: 500 }, (_, index) => noon + index / 10);
    expect(await enqueued(times)).toMatchObject([{ ids: { length: 500 } }]);
  });

  it('are had no earlier than they may be claimed, and no later than they are due', async () => {
    const times = Array.from({ length: 300 }, (_, index) => noon + index * 7);
    const added = await enqueued(times);
    expect(added.length).toBeLessThan(50);
    for (const { ids, at } of added)
      for (const id of ids) {
        const early = times[Number(id.slice(1))] - at;
        expect(early >= 0 && early < graceMs).toBe(true);
      }
    expect(new Set(added.flatMap(({ ids }) => ids)).size).toBe(300);
  });
});
