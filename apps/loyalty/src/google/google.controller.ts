import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { conflict, GetGoogleLink, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import type { PassEntity } from '../passes/pass.entity';
import { PassesService } from '../passes/passes.service';
import { enqueueWallets, type DueWallet } from '../push/due';
import { googleAway, GooglePasses } from './google.passes';

@Controller()
export class GoogleController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly service: PassesService,
    private readonly passes: GooglePasses,
  ) {}

  @MessagePattern(GetGoogleLink.name)
  async link(
    @Payload() { subject }: RequestOf<typeof GetGoogleLink>,
  ): Promise<ReplyOf<typeof GetGoogleLink>> {
    if (!this.passes.isConfigured)
      throw conflict('wallet.google_not_configured', 'Google Wallet is not set up on this installation.');
    const { pass } = await this.service.open(subject);
    // Known as a wallet before it is filled: what changes from here on is told.
    const walletId = `google:${pass.id}`;
    const counter = await this.register(walletId, pass);
    const filled = await this.service.fill(pass);
    const answer = await this.passes.put(filled);
    if (answer.status >= 300) throw googleAway(answer);
    await this.publishAgain(walletId, counter);
    return { url: this.passes.linkTo(filled) };
  }

  /** Answers up to which change it knows the pass if it is told now. */
  private async register(walletId: string, pass: PassEntity): Promise<string> {
    await this.dataSource.query(
      `with wallet as (insert into wallet (id, kind, address) values ($1, 'google', $2) on conflict do nothing)
       insert into wallet_pass (wallet_id, pass_id) values ($1, $2) on conflict do nothing`,
      [walletId, pass.id],
    );
    const [{ counter }] = (await this.dataSource.query(`select counter from wallet where id = $1`, [
      walletId,
    ])) as { counter: string }[];
    return counter;
  }

  /** What has changed since: its worker may have been faster, and then the older state is at Google. */
  private publishAgain(walletId: string, counter: string): Promise<void> {
    return this.outbox.transaction(async (tx) => {
      const [rows] = (await tx.query(
        `update wallet set counter = counter + 1, due_at = coalesce(due_at, clock_timestamp())
         where id = $1 and counter <> $2::bigint returning id, due_at as "dueAt"`,
        [walletId, counter],
      )) as [DueWallet[], number];
      await enqueueWallets(this.outbox, tx, rows);
    });
  }
}
