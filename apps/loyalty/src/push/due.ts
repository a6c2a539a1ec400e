import { WalletDue } from '@tearoff/contracts';
import type { Outbox, Transaction } from '@tearoff/messaging';

export const pushQueue = 'loyalty.push';
/** Few enough that workers share a round's wallets evenly. */
const itemsPerEvent = 50;

export interface DueWallet {
  id: string;
  dueAt: Date;
}

/** Wallets due within this of one another travel together; they may be had so much earlier than they are due. */
export const graceMs = 50;

/** Puts wallets on the work queue when the transaction commits, to be had when they are due. */
export async function enqueueWallets(
  outbox: Outbox,
  tx: Transaction,
  wallets: readonly DueWallet[],
): Promise<void> {
  const byTime = new Map<number, string[]>();
  for (const { id, dueAt } of wallets) {
    const time = Math.floor(dueAt.getTime() / graceMs) * graceMs;
    const ids = byTime.get(time);
    if (ids) ids.push(id);
    else byTime.set(time, [id]);
  }
  for (const [time, ids] of byTime)
    await outbox.add(
      tx,
      WalletDue,
      ids.map((walletId) => ({ walletId })),
      { queue: pushQueue, availableAt: new Date(time), itemsPerEvent },
    );
}
