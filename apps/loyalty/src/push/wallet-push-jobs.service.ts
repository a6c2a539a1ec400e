import { Injectable } from '@nestjs/common';
import { GetCard, newId, notFound, WalletPushJobContinued, type WalletPushJob } from '@tearoff/contracts';
import { CommandClient, Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { leaveMessages } from '../google/google-messages';
import { PassChanges } from '../passes/pass-changes';
import { WalletSettings } from '../wallet.settings';
import { pushQueue } from './due';
import { WalletPushJobEntity } from './wallet-push-job.entity';

interface Subject {
  accountId: string;
  cardId: string | null;
  campaignId: string | null;
}

const passesAtOnce = 500;

/**
 * Walks over all passes of a card or campaign, a page a transaction, and each page orders the next: so a round
 * survives any process, reaches each pass once, and holds no more than a page in memory.
 */
@Injectable()
export class WalletPushJobs {
  constructor(
    private readonly dataSource: DataSource,
    private readonly commands: CommandClient,
    private readonly outbox: Outbox,
    private readonly changes: PassChanges,
    private readonly settings: WalletSettings,
  ) {}

  /** For a change; one that waits to begin will show this change too. */
  async ofChanged(tx: Transaction, subjects: readonly Subject[]): Promise<void> {
    for (const { accountId, cardId, campaignId } of subjects) {
      const [round] = (await tx.query(
        `insert into wallet_round (id, account_id, card_id, campaign_id)
         select $1, $2, $3, $4
         where exists (select from pass where card_id = $3 or campaign_id = $4)
           and not exists (select from wallet_round where status = 'queued' and message is null
                             and (card_id = $3 or campaign_id = $4))
         returning id`,
        [newId('job'), accountId, cardId, campaignId],
      )) as { id: string }[];
      if (round) await this.order(tx, round.id, null);
    }
  }

  /** For a message to everyone who has the card in a wallet. Fails with `card.not_found`. */
  async begin(accountId: string, cardId: string, message: string): Promise<WalletPushJob> {
    await this.commands.send(GetCard, { accountId, cardId, withMembers: false });
    return this.outbox.transaction(async (tx) => {
      const [{ devices }] = (await tx.query(
        `select count(distinct wallet_id)::int as devices from wallet_pass join pass on pass.id = pass_id
         where card_id = $1 and erased_at is null`,
        [cardId],
      )) as [{ devices: number }];
      const round = tx.create(WalletPushJobEntity, { id: newId('job'), accountId, cardId, message, devices });
      await tx.insert(WalletPushJobEntity, round);
      await this.order(tx, round.id, null);
      return pushJobView(await tx.findOneByOrFail(WalletPushJobEntity, { id: round.id }));
    });
  }

  async get(accountId: string, cardId: string, id: string): Promise<WalletPushJob> {
    const round = await this.dataSource.manager.findOneBy(WalletPushJobEntity, { id, accountId, cardId });
    if (!round) throw notFound('job.not_found', 'There is no such job.');
    return pushJobView(round);
  }

  /** Does the page after that pass, unless it is done already. */
  async goOn(id: string, after: string | null): Promise<void> {
    // The pace is from page to page, however long this one takes.
    const startedAt = Date.now();
    await this.outbox.transaction(async (tx) => {
      const [round] = (await tx.query(
        `select * from wallet_round where id = $1 and after is not distinct from $2 and status <> 'done' for update`,
        [id, after],
      )) as { card_id: string | null; campaign_id: string | null; message: string | null }[];
      if (!round) return;
      const passes = (await tx.query(
        `select id from pass where ${round.card_id ? 'card_id' : 'campaign_id'} = $1 and id > coalesce($2, '')
         order by id limit $3`,
        [round.card_id ?? round.campaign_id, after, passesAtOnce],
      )) as { id: string }[];
      const wallets = await this.changes.mark(
        tx,
        passes.map((pass) => pass.id),
        round.message,
      );
      if (round.message !== null) await leaveMessages(tx, id, round.message, wallets);
      const last = passes.length < passesAtOnce;
      const reached = passes.at(-1)?.id ?? after;
      // No one asks how far a change has come.
      if (last && round.message === null) return void (await tx.delete(WalletPushJobEntity, { id }));
      await tx.query(
        `update wallet_round set after = $2, done = done + $3, status = $4,
                finished_at = case when $4 = 'done' then now() end
         where id = $1`,
        [id, reached, wallets.length, last ? 'done' : 'running'],
      );
      const nextAt = startedAt + (1_000 * passes.length) / this.settings.roundRate;
      if (!last) await this.order(tx, id, reached, new Date(nextAt));
    });
  }

  private async order(
    tx: Transaction,
    jobId: string,
    after: string | null,
    availableAt?: Date,
  ): Promise<void> {
    await this.outbox.add(tx, WalletPushJobContinued, [{ jobId, after }], {
      queue: pushQueue,
      availableAt,
    });
  }
}

function pushJobView(round: WalletPushJobEntity): WalletPushJob {
  const { id, accountId, cardId, status, message, devices, done, createdAt, finishedAt } = round;
  return {
    id,
    accountId,
    cardId,
    status,
    message,
    devices,
    done,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
