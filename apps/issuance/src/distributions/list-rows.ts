import type { ListRow } from '@tearoff/contracts';
import { prepared, type PreparedStatement } from '@tearoff/service-kit';
import type { DataSource, EntityManager } from 'typeorm';

const stageStatement: PreparedStatement = {
  name: 'list-stage',
  text: `insert into list_row (job_id, line, content)
         select $1, line, content from unnest($2::int[], $3::text[]) as row (line, content)
         order by line`,
};

/** Keeps rows until they are served. */
export async function stageRows(tx: EntityManager, jobId: string, rows: readonly ListRow[]): Promise<void> {
  if (rows.length === 0) return;
  await prepared(tx, stageStatement, [
    jobId,
    rows.map(({ line }) => line),
    rows.map((row) => JSON.stringify(row)),
  ]);
}

const nextStatement: PreparedStatement = {
  name: 'list-next',
  text: `select content from list_row where job_id = $1 and line > $2 order by line limit $3`,
};

/** The first rows that are still to be served; `after`: a line up to which all were (served ones need no look). */
export async function nextRows(
  dataSource: DataSource,
  jobId: string,
  after: number,
  count: number,
): Promise<ListRow[]> {
  const rows = await prepared<{ content: string }>(dataSource, nextStatement, [jobId, after, count]);
  return rows.map(({ content }) => JSON.parse(content) as ListRow);
}

const dropStatement: PreparedStatement = {
  name: 'list-drop',
  text: `delete from list_row where job_id = $1 and line = any($2::int[])`,
};

export async function dropRows(tx: EntityManager, jobId: string, rows: readonly ListRow[]): Promise<void> {
  await prepared(tx, dropStatement, [jobId, rows.map(({ line }) => line)]);
}

/** Lets go of all rows of an upload that broke off. */
export async function dropList(tx: EntityManager, jobId: string): Promise<void> {
  await tx.query(`delete from list_row where job_id = $1`, [jobId]);
}
