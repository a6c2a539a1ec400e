import { Injectable } from '@nestjs/common';
import type { Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import type { PassEntity } from '../passes/pass.entity';
import { isQuota } from './google.client';
import { GooglePasses } from './google.passes';

/** Google shows three messages of one pass in 24 hours, and refuses the rest. */
const quota = { messages: 3, hours: 24 };
const refusedForMs = 3_600_000;

/** What is left to do for a pass's messages: nothing, or something at that time. */
export type Rest = { again?: Date } | { failed: string };

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
  constructor(
    private readonly dataSource: DataSource,
    private readonly passes: GooglePasses,
  ) {}

  /** Those that may go now, oldest first. One whose worker was killed while it sent it is not sent again. */
  async send(walletId: string, pass: PassEntity): Promise<Rest> {
    for (;;) {
      const wait = await this.roomAt(walletId);
      if (wait) return { again: wait };
      const next = await this.take(walletId);
      if (!next) return {};
      const answer = await this.passes.addMessage(pass, next.roundId, next.body).catch((error: unknown) => {
        // Whether it arrived nobody knows.
        return { status: 0, body: { error: { message: String(error) } } };
      });
      if (answer.status >= 200 && answer.status < 300) {
        await this.mark(walletId, next.roundId, 'sent');
        continue;
      }
      if (answer.status === 0) return { failed: answer.body.error?.message ?? '' };
      await this.mark(walletId, next.roundId, 'waiting');
      if (isQuota(answer)) return { again: new Date(Date.now() + refusedForMs) };
      return { failed: `Google Wallet answered ${answer.status}: ${answer.body.error?.message}` };
    }
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

  private async take(walletId: string): Promise<{ roundId: string; body: string } | undefined> {
    const [rows] = (await this.dataSource.query(
      `update google_message set status = 'sending', sent_at = now()
       where wallet_id = $1 and round_id = (select min(round_id) from google_message
                                            where wallet_id = $1 and status = 'waiting')
       returning round_id as "roundId", body`,
      [walletId],
    )) as [{ roundId: string; body: string }[], number];
    return rows[0];
  }

  private async mark(walletId: string, roundId: string, status: 'sent' | 'waiting'): Promise<void> {
    await this.dataSource.query(
      `update google_message set status = $3, sent_at = case when $3 = 'sent' then now() end
       where wallet_id = $1 and round_id = $2`,
      [walletId, roundId, status],
    );
  }
}
