import { Injectable, Logger } from '@nestjs/common';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import type { PictureFiles } from './picture.shapes';
import type { PictureRequest } from './picture.requests';

/** `digest`: of the bytes that the files were made from. */
export interface KeptPicture {
  id: string;
  digest: string;
}

/** Bounds what one account can have fetched and kept: half a gigabyte. */
const maxPerAccount = 1_000;

/** Which pictures are wanted, and those that are there. */
@Injectable()
export class PicturesService {
  private readonly logger = new Logger(PicturesService.name);
  private onAdded: () => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** `listener`: some may be due once the transaction under way has committed. */
  whenAdded(listener: () => void): void {
    this.onAdded = listener;
  }

  /**
   * What these cards and campaigns show from now on, in place of what they showed. Anyone who saves one may have put
   * another picture at the same address: it is looked at anew, once a minute at most.
   */
  async saved(
    tx: Transaction,
    subjectIds: readonly string[],
    wishes: readonly PictureRequest[],
  ): Promise<void> {
    await tx.query(
      `delete from picture_use where subject_id = any($1)
         and (subject_id, picture_id) not in (select * from unnest($2::text[], $3::text[]))`,
      [subjectIds, wishes.map(({ subjectId }) => subjectId), wishes.map(({ id }) => id)],
    );
    await this.add(tx, wishes, true);
  }

  /**
   * Of those that a pass shows the ones that are there. What no one has told of, as after an upgrade, is put down to be
   * fetched; the pass is told when it has come.
   */
  async kept(wishes: readonly PictureRequest[]): Promise<KeptPicture[]> {
    if (wishes.length === 0) return [];
    const ids = wishes.map(({ id }) => id);
    const rows = await prepared<{ id: string; digest: string | null; fresh: boolean }>(
      this.dataSource,
      keptStatement,
      [ids, wishes[0].subjectId],
    );
    const known = new Set(rows.flatMap(({ id, fresh }) => (fresh ? [id] : [])));
    const others = wishes.filter(({ id }) => !known.has(id));
    if (others.length > 0) await this.order(others);
    return rows.flatMap(({ id, digest }) => (digest === null ? [] : [{ id, digest }]));
  }

  /** With the digest that they are of, which may be a later one than was asked about. */
  async files(id: string): Promise<{ digest: string; files: PictureFiles } | null> {
    const rows = (await this.dataSource.query(
      `select digest, name, png from picture join picture_file on picture_id = id where id = $1`,
      [id],
    )) as { digest: string; name: string; png: Buffer }[];
    if (rows.length === 0) return null;
    return { digest: rows[0].digest, files: Object.fromEntries(rows.map(({ name, png }) => [name, png])) };
  }

  private async order(wishes: readonly PictureRequest[]): Promise<void> {
    try {
      await this.dataSource.transaction((tx) => this.add(tx, wishes, false));
    } catch (error) {
      // The next pass asks again.
      this.logger.warn(`pictures could not be put down to be fetched: ${String(error)}`);
    }
  }

  /** `again`: those that are known are looked at again. In the order of their ids, as another that holds several. */
  private async add(
    tx: Pick<Transaction, 'query'>,
    wishes: readonly PictureRequest[],
    again: boolean,
  ): Promise<void> {
    if (wishes.length === 0) return;
    const sorted = wishes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const used = (await tx.query(addStatement, [
      sorted.map(({ id }) => id),
      sorted.map(({ accountId }) => accountId),
      sorted.map(({ subjectId }) => subjectId),
      sorted.map(({ shape }) => shape),
      sorted.map(({ url }) => url),
      again,
      maxPerAccount,
    ])) as unknown[];
    this.onAdded();
    if (again && used.length < wishes.length)
      this.logger.warn(
        `pictures of ${sorted[0].accountId} are not fetched: it has ${maxPerAccount} of them already`,
      );
  }
}

const keptStatement = {
  name: 'pictures-kept',
  text: `
    select id, digest, wanted_at > now() - interval '1 day' as fresh
    from picture join picture_use on picture_id = id
    where id = any($1) and subject_id = $2`,
};

/** Updated even where nothing changes: anyone who erases what is not used waits for this row, then sees the use. */
const addStatement = `
  with wish as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
      as wish (id, account_id, subject_id, shape, url)
  ), added as (
    insert into picture (id, account_id, shape, url)
    select distinct on (id) id, account_id, shape, url from wish
    where exists (select from picture where picture.id = wish.id)
      or (select count(*) from picture where picture.account_id = wish.account_id) < $7
    order by id
    on conflict (id) do update set due_at = case
      when $6 then least(picture.due_at, greatest(now(), picture.looked_at + interval '1 minute'))
      else picture.due_at end
    returning id
  )
  insert into picture_use (subject_id, picture_id)
  select distinct subject_id, id from wish join added using (id)
  on conflict (subject_id, picture_id) do update set wanted_at = now()
  returning picture_id`;
