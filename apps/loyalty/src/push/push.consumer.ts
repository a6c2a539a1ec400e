import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { PassChangeDue, WalletDue, WalletPushJobContinued, type ItemOf } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { ApnsSender } from '../apple/apns.sender';
import { GoogleSender } from '../google/google.sender';
import { PassChanges } from '../passes/pass-changes';
import { WalletClaims } from './wallet-claims';
import { WalletPushJobs } from './wallet-push-jobs.service';
import type { ClaimedWallet, PushResult } from './wallet.sender';

/**
 * Of each of the queue's eight handlings at a time: all together fewer than Apple takes on one connection (1,000), and
 * told, however slow Google is, long before their lease runs out.
 */
const walletsInFlight = 100;

/** Loyalty's own work queue. Whatever comes twice finds done what it asks for. */
@Controller()
export class PushConsumer {
  private readonly logger = new Logger(PushConsumer.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly claims: WalletClaims,
    private readonly changes: PassChanges,
    private readonly rounds: WalletPushJobs,
    private readonly apns: ApnsSender,
    private readonly google: GoogleSender,
  ) {}

  @EventPattern<string>(WalletDue.type)
  async onDue(@Payload() items: ItemOf<typeof WalletDue>[]): Promise<void> {
    const ids = items.map(({ walletId }) => walletId);
    for (let from = 0; from < ids.length; from += walletsInFlight)
      await this.tellAll(ids.slice(from, from + walletsInFlight));
  }

  @EventPattern<string>(PassChangeDue.type)
  async onTime(@Payload() items: ItemOf<typeof PassChangeDue>[]): Promise<void> {
    await this.outbox.transaction(async (tx) => {
      const [rows] = (await tx.query(
        `update pass set turns_at = null where id = any($1) and turns_at <= now() returning id`,
        [items.map(({ passId }) => passId)],
      )) as [{ id: string }[], number];
      await this.changes.mark(
        tx,
        rows.map(({ id }) => id),
      );
    });
  }

  @EventPattern<string>(WalletPushJobContinued.type)
  async onRound(@Payload() items: ItemOf<typeof WalletPushJobContinued>[]): Promise<void> {
    for (const { jobId, after } of items) await this.rounds.goOn(jobId, after);
  }

  private async tellAll(ids: readonly string[]): Promise<void> {
    const wallets = await this.claims.claim(ids);
    const outcomes = await Promise.all(
      wallets.map(async (wallet) => ({ wallet, told: await this.tell(wallet) })),
    );
    await this.claims.settle(outcomes);
  }

  private async tell(wallet: ClaimedWallet): Promise<PushResult> {
    const told = await (wallet.kind === 'apple' ? this.apns : this.google).tell(wallet);
    if (told.verdict === 'later')
      this.logger.warn(`a wallet (${wallet.kind}) was not told, attempt ${wallet.attempts + 1}: ${told.why}`);
    return told;
  }
}
