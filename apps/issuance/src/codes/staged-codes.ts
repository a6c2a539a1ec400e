import { alternateGs1Code, type JobError } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';
import type { JobEntity } from '../jobs/job.entity';
import { lineError } from '../jobs/job.upload';
import type { StagedCode } from './import-line';

/** Keeps what is new; says which lines are not. */
export async function stage(
  tx: EntityManager,
  job: JobEntity,
  read: readonly StagedCode[],
): Promise<JobError[]> {
  if (read.length === 0) return [];
  const kept = (await tx.query(
    `insert into code_import (job_id, code, printed_code, line, valid_to)
     select $1, code, printed_code, line, valid_to
     from unnest($2::text[], $3::text[], $4::int[], $5::timestamptz[]) as read (code, printed_code, line, valid_to)
     order by code, line on conflict do nothing returning line`,
    [
      job.id,
      read.map(({ code }) => code),
      read.map(({ printedCode }) => printedCode),
      read.map(({ line }) => line),
      read.map(({ validTo }) => validTo),
    ],
  )) as { line: number }[];
  const staged = new Set(kept.map(({ line }) => line));
  const twice = read
    .filter(({ line }) => !staged.has(line))
    .map(({ line }) => lineError(line, 'code.duplicate', 'is in the file twice'));
  const codes = read.filter(({ line }) => staged.has(line)).map(({ code }) => code);
  const known = await knownAmong(tx, job.accountId, codes);
  const errors = known.length > 0 ? [...twice, ...(await dropKnown(tx, job, known))] : twice;
  return [...errors, ...(await dropTwins(tx, job, codes))];
}

/**
 * Those that the account has already. Each is looked up by itself: for a join the planner may read all codes of the
 * account, or all that are staged, for each chunk of a long file.
 */
async function knownAmong(tx: EntityManager, accountId: string, codes: readonly string[]): Promise<string[]> {
  const rows = (await tx.query(
    `select asked.code from unnest($2::text[]) as asked (code)
     cross join lateral (
       (select 1 from stack_code where stack_code.code = asked.code and stack_code.account_id = $1)
       union all (select 1 from coupon where coupon.code = asked.code and coupon.account_id = $1)
       limit 1
     ) as found`,
    [accountId, codes],
  )) as { code: string }[];
  return rows.map(({ code }) => code);
}

/**
 * Takes out what a till could not tell from another code: the same GS1 coupon number with and without its application
 * identifier, in the account or in the file.
 */
async function dropTwins(
  tx: EntityManager,
  { id, accountId }: JobEntity,
  codes: readonly string[],
): Promise<JobError[]> {
  const pairs = codes.flatMap((code) => alternateGs1Code(code) ?? []);
  if (pairs.length === 0) return [];
  const [rows] = (await tx.query(
    `delete from code_import staged
     using unnest($3::text[], $4::text[]) as pair (code, twin)
     where staged.job_id = $1 and staged.code = pair.code
       and (exists (select from stack_code known where known.code = pair.twin and known.account_id = $2)
            or exists (select from coupon known where known.code = pair.twin and known.account_id = $2)
            or exists (select from code_import known where known.job_id = $1 and known.code = pair.twin
                         and known.line < staged.line))
     returning staged.line`,
    [id, accountId, codes.filter((code) => alternateGs1Code(code) !== null), pairs],
  )) as [{ line: number }[], number];
  return rows.map(({ line }) =>
    lineError(line, 'code.taken', 'is already a code of this account, with or without its AI 8112'),
  );
}

/** Takes out what the account has already, in a stack or given out. `codes`: of all staged ones when absent. */
export async function dropKnown(
  tx: EntityManager,
  { id, accountId }: Pick<JobEntity, 'id' | 'accountId'>,
  codes?: readonly string[],
): Promise<JobError[]> {
  const [rows] = (await tx.query(
    `delete from code_import staged
     where job_id = $1 and ($3::text[] is null or code = any($3))
       and (exists (select from stack_code known where known.code = staged.code and known.account_id = $2)
            or exists (select from coupon known where known.code = staged.code and known.account_id = $2))
     returning line`,
    [id, accountId, codes ?? null],
  )) as [{ line: number }[], number];
  return rows
    .map(({ line }) => line)
    .sort((a, b) => a - b)
    .map((line) => lineError(line, 'code.taken', 'is already a code of this account'));
}
