import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** How long a picture is kept that no wallet shows. */
const keptDays = 30;
const atOnce = 500;

/** Erases pictures that no face and no wallet shows any more. */
@Injectable()
export class PictureEraser {
  constructor(private readonly dataSource: DataSource) {}

  /** Answers how many were erased. */
  async erase(): Promise<number> {
    await this.dataSource.query(
      `delete from picture_use where wanted_at < now() - $1::int * interval '1 day'
         and not exists (select from pass join wallet_pass on pass_id = pass.id
                         where card_id = subject_id or campaign_id = subject_id)`,
      [keptDays],
    );
    return this.dataSource.transaction(async (tx) => {
      const idle = (await tx.query(
        `select id from picture where not exists (select from picture_use where picture_id = picture.id)
         order by id limit ${atOnce} for update skip locked`,
      )) as { id: string }[];
      // Asked again with the rows in hand: a use may have been added until then.
      const [erased] = (await tx.query(
        `delete from picture where id = any($1)
           and not exists (select from picture_use where picture_id = picture.id) returning id`,
        [idle.map(({ id }) => id)],
      )) as [{ id: string }[], number];
      await tx.query(`delete from picture_file where picture_id = any($1)`, [erased.map(({ id }) => id)]);
      return erased.length;
    });
  }
}
