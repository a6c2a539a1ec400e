import { Injectable } from '@nestjs/common';
import { idPrefixes } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { WalletPushJobs } from '../push/wallet-push-jobs.service';
import type { Validators } from './picture.fetcher';
import type { PictureFiles, PictureShape } from './picture.shapes';

export interface ClaimedPicture extends Validators {
  id: string;
  accountId: string;
  shape: PictureShape;
  url: string;
  digest: string | null;
  attempts: number;
  /** Of this claim: anyone who asks for another look meanwhile, or takes the picture over, changes it. */
  ticket: string;
  /** When someone had looked at it before this claim. */
  lookedAt: string | null;
}

export interface NewPicture extends Validators {
  digest: string;
  files: PictureFiles;
}

/** Who of several processes looks at which picture, and what became of it. */
@Injectable()
export class PictureClaims {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly rounds: WalletPushJobs,
  ) {}

  /** Those that have been due longest, one an account: a tenant's dead addresses hold up their own pictures only. */
  async claim(most: number, busyAccounts: readonly string[], leaseMs: number): Promise<ClaimedPicture[]> {
    const [rows] = (await this.dataSource.query(
      `update picture set due_at = clock_timestamp() + $3::int * interval '1 millisecond'
       where due_at <= clock_timestamp() and id in (
         select id from (
           select distinct on (account_id) id, due_at from picture
           where due_at <= now() and account_id <> all($1) order by account_id, due_at) first
         order by due_at limit $2)
       returning id, account_id as "accountId", shape, url, digest, etag, last_modified as "lastModified",
                 attempts, due_at::text as ticket, looked_at::text as "lookedAt"`,
      [busyAccounts, most, leaseMs],
    )) as [ClaimedPicture[], number];
    return rows;
  }

  /** It is as it was, or as little to be had as before (`fault`). */
  async settle(
    { id, ticket, lookedAt }: ClaimedPicture,
    { fault, attempts, dueInMs }: { fault: string | null; attempts: number; dueInMs: number },
  ): Promise<void> {
    await this.dataSource.query(
      `update picture set fault = $2, attempts = $3, looked_at = clock_timestamp(), ${nextDue('$4', '$5')}
       where id = $1 and ${newest('$4', '$6')}`,
      [id, fault, attempts, ticket, dueInMs, lookedAt],
    );
  }

  /** The files and, on their way to the wallets, all passes that show them. */
  async replace(claimed: ClaimedPicture, made: NewPicture, dueInMs: number): Promise<void> {
    const { id, accountId, ticket, lookedAt } = claimed;
    const { digest, etag, lastModified, files } = made;
    await this.outbox.transaction(async (tx) => {
      const [held] = (await tx.query(
        `update picture set digest = $2, etag = $3, last_modified = $4, fault = null, attempts = 0,
                looked_at = clock_timestamp(), ${nextDue('$5', '$6')}
         where id = $1 and ${newest('$5', '$7')} returning id`,
        [id, digest, etag, lastModified, ticket, dueInMs, lookedAt],
      )) as [unknown[], number];
      if (held.length === 0) return;
      await tx.query(`delete from picture_file where picture_id = $1`, [id]);
      await tx.query(
        `insert into picture_file (picture_id, name, png) select $1, * from unnest($2::text[], $3::bytea[])`,
        [id, Object.keys(files), Object.values(files)],
      );
      const subjects = (await tx.query(
        `select subject_id as "subjectId" from picture_use where picture_id = $1`,
        [id],
      )) as { subjectId: string }[];
      await this.rounds.ofChanged(
        tx,
        subjects.map(({ subjectId }) =>
          isCard(subjectId)
            ? { accountId, cardId: subjectId, campaignId: null }
            : { accountId, cardId: null, campaignId: subjectId },
        ),
      );
    });
  }

  /** No one has looked at it after all. */
  async release({ id, ticket }: ClaimedPicture): Promise<void> {
    await this.dataSource.query(
      `update picture set due_at = clock_timestamp() where id = $1 and due_at = $2::timestamptz`,
      [id, ticket],
    );
  }
}

const isCard = (subjectId: string): boolean => subjectId.startsWith(`${idPrefixes.card}_`);

const nextDue = (ticket: string, inMs: string): string =>
  `due_at = case when due_at = ${ticket}::timestamptz
     then clock_timestamp() + ${inMs}::bigint * interval '1 millisecond' else due_at end`;

/** Whoever comes back after another has taken the picture over and looked at it knows only what it was before. */
const newest = (ticket: string, lookedAt: string): string =>
  `(due_at = ${ticket}::timestamptz or looked_at is not distinct from ${lookedAt}::timestamptz)`;
