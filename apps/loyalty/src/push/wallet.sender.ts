import type { WalletKind } from './wallet.entity';

export interface ClaimedWallet {
  id: string;
  kind: WalletKind;
  address: string;
  /** What it is told of now; a higher counter means that there is more to tell. */
  counter: string;
  attempts: number;
  /** When the claim's lease ends: whoever takes the wallet over changes it. */
  lease: string;
}

/**
 * `again`: it is told, and there is more for it at that time. `gone`: it is not there any more. `afterMs`: for so long
 * anyone who was asked wants to be left alone.
 */
export type PushResult =
  | { verdict: 'pushed'; again?: Date }
  | { verdict: 'gone' }
  | { verdict: 'later'; afterMs?: number; why: string };
