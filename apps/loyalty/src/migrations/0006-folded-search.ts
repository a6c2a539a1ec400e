import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MemberEntity } from '../members/member.entity';
import { searchText } from '../members/search-text';

type Row = Pick<
  MemberEntity,
  'accountId' | 'id' | 'firstName' | 'lastName' | 'phone' | 'email' | 'externalId' | 'search'
>;

const rowsAtOnce = 5_000;

/**
 * Anyone who has a letter beyond ASCII is folded as `searchText` does it, a page at a time, and written only where that
 * makes a difference. Of a million members, on two cores busy with other things: 1.3 s where no one has such a letter,
 * 2.7 s where 11,000 are written; 50 s where everyone has some and no one is written (Cyrillic), 350 s where everyone
 * is.
 */
export class FoldedSearch1700000006000 implements MigrationInterface {
  name = 'FoldedSearch1700000006000';

  async up(runner: QueryRunner): Promise<void> {
    for (let after: Row | undefined; ;) {
      const rows = await foreignRows(runner, after);
      const changed = rows
        .map((row) => ({ ...row, folded: searchText(row) }))
        .filter(({ folded, search }) => folded !== search);
      await runner.query(
        `update member m set search = q.search
         from unnest($1::text[], $2::text[], $3::text[]) as q (account_id, id, search)
         where m.account_id = q.account_id and m.id = q.id`,
        [
          changed.map(({ accountId }) => accountId),
          changed.map(({ id }) => id),
          changed.map(({ folded }) => folded),
        ],
      );
      if (rows.length < rowsAtOnce) return;
      after = rows.at(-1);
    }
  }

  /** Nothing to take back: what is searched for then finds all but those letters. */
  async down(): Promise<void> {}
}

const foreignRows = (runner: QueryRunner, after?: Row): Promise<Row[]> =>
  runner.query(
    `select account_id as "accountId", id, first_name as "firstName", last_name as "lastName", phone, email,
       external_id as "externalId", search
     from member
     where (account_id, id) > ($1, $2) and concat(first_name, last_name, email, external_id) ~ '[^\\x01-\\x7f]'
     order by account_id, id limit $3`,
    [after?.accountId ?? '', after?.id ?? '', rowsAtOnce],
  ) as Promise<Row[]>;
