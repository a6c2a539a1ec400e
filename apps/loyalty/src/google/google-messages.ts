import { Injectable, Logger } from '@nestjs/common';
import type { Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import type { PassEntity } from '../passes/pass.entity';
import { isMessageQuota, type GoogleAnswer } from './google.client';
import { GooglePasses } from './google.passes';

/** Google shows three messages of one pass in 24 hours, and refuses the rest. */
const quota = { messages: 3, hours: 24, refusedForMs: 3_600_000 };
/** Longer than any call takes: whatever was under way then has arrived by now, or never will. */
const againMs = 60_000;

interface Taken {
  roundId: string;
  body: string;
}

/** For those of these wallets that are at Google; the same round leaves its message once. */
export async function leaveMessages(
  tx: Transaction,
  roundId: string,
  body: string,
  wallets: readonly { id: string; kind: string }[],
): Promise<void> {
  const google = wallets.filter(({ kind }) => kind === 'google').map(({ id }) => id);
  await tx.query(
    `insert into google_message (wallet_id, round_id, body)
     select wallet_id, $2, $3 from unnest($1::text[]) as wallet_id on conflict do nothing`,
    [google, roundId, body],
  );
}

@Injectable()
export class GoogleMessages {
  private readonly logger = new Logger(GoogleMessages.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly passes: GooglePasses,
  ) {}

  /** Sends those that may go now, oldest first, for anyone who has claimed the wallet. Answers when there is more to do. */
  async send(walletId: string, pass: PassEntity): Promise<Date | null> {
    for (;;) {
      const wait = (await this.settleUnknown(walletId, pass)) ?? (await this.roomAt(walletId));
      if (wait) return wait;
      const next = await this.take(walletId);
      if (!next) return null;
      const retry = await this.sendOne(walletId, pass, next);
      if (retry) return retry;
    }
  }

  private async sendOne(walletId: string, pass: PassEntity, { roundId, body }: Taken): Promise<Date | null> {
    const answer = await this.passes
      .addMessage(pass, roundId, body)
      .catch((error: unknown): GoogleAnswer => ({ status: 0, body: { error: { message: String(error) } } }));
    const { status, retryAfterMs = 0 } = answer;
    const why = `Google Wallet answered a message with ${status}: ${answer.body.error?.message}`;
    if (status >= 200 && status < 300) {
      await this.mark(walletId, roundId, 'sent');
      return null;
    }
    if (isMessageQuota(answer)) {
      await this.mark(walletId, roundId, 'waiting');
      return inMs(quota.refusedForMs);
    }
    if (status === 400) {
      this.logger.error(`${why}; it is not sent`);
      await this.mark(walletId, roundId, 'refused');
      return null;
    }
    // Without an answer, or with a server's fault, it may have arrived.
    if (status !== 0 && status < 500) await this.mark(walletId, roundId, 'waiting');
    this.logger.warn(why);
    return inMs(Math.max(againMs, retryAfterMs));
  }

  /**
   * What someone began to send and no one has seen the end of: it is on the pass under its id, or it did not arrive
   * and is sent again. Google itself would take one id twice.
   */
  private async settleUnknown(walletId: string, pass: PassEntity): Promise<Date | null> {
    const [unknown] = (await this.dataSource.query(
      `select round_id as "roundId", ask_at as "askAt", ask_at <= now() as due
       from google_message, lateral (select sent_at + $2::int * interval '1 millisecond' as ask_at) as patience
       where wallet_id = $1 and status = 'sending' order by round_id limit 1`,
      [walletId, againMs],
    )) as { roundId: string; askAt: Date; due: boolean }[];
    if (!unknown) return null;
    const { roundId, askAt, due } = unknown;
    if (!due) return askAt;
    await this.mark(walletId, roundId, (await this.passes.hasMessage(pass, roundId)) ? 'sent' : 'waiting');
    return null;
  }

  /** When the next may go, where messages wait and none may go now. */
  private async roomAt(walletId: string): Promise<Date | null> {
    const rows = (await this.dataSource.query(
      `select sent_at + $2::int * interval '1 hour' as at from google_message
       where wallet_id = $1 and sent_at > now() - $2::int * interval '1 hour'
         and exists (select from google_message where wallet_id = $1 and status = 'waiting')
       order by sent_at desc offset $3 limit 1`,
      [walletId, quota.hours, quota.messages - 1],
    )) as { at: Date }[];
    return rows[0]?.at ?? null;
  }

  private async take(walletId: string): Promise<Taken | undefined> {
    const [rows] = (await this.dataSource.query(
      `update google_message set status = 'sending', sent_at = now()
       where wallet_id = $1 and round_id = (select min(round_id) from google_message
                                            where wallet_id = $1 and status = 'waiting')
       returning round_id as "roundId", body`,
      [walletId],
    )) as [Taken[], number];
    return rows[0];
  }

  private async mark(
    walletId: string,
    roundId: string,
    status: 'sent' | 'waiting' | 'refused',
  ): Promise<void> {
    await this.dataSource.query(
      `update google_message set status = $3, sent_at = case when $3 = 'sent' then sent_at end
       where wallet_id = $1 and round_id = $2`,
      [walletId, roundId, status],
    );
  }
}

const inMs = (ms: number): Date => new Date(Date.now() + ms);
