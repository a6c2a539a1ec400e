import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobEntity } from '../jobs/job.entity';
import { recordErrors } from '../jobs/job-errors';
import { faultOf } from '../jobs/job.upload';
import { advance, holdJob } from '../jobs/job.lease';
import { dropKnown } from './staged-codes';
import { warnOfCodes } from './import-warnings';
import { lockStack, stackGrown } from './stack-loading';

/** Moves a finished import into the stack, in the order of its lines: all of it in one transaction. */
@Injectable()
export class ImportCodesJob {
  constructor(private readonly dataSource: DataSource) {}

  step(job: JobEntity, worker: string): Promise<boolean> {
    return this.dataSource.transaction('READ COMMITTED', async (tx) => {
      if (!(await holdJob(tx, job.id, worker))) return false;
      // A million lines may take longer than a statement otherwise may.
      await tx.query('set local statement_timeout = 0');
      const base = await lockStack(tx, job.campaignId!);
      // Since the chunks came in, another import may have brought the same codes.
      const errors = await dropKnown(tx, job);
      await warnOfCodes(tx, job.id);
      await tx.query(
        `insert into stack_code (account_id, campaign_id, ticket, code, printed_code, valid_to)
         select $2, $3, $4::bigint + row_number() over (order by line), code, printed_code, valid_to
         from code_import where job_id = $1`,
        [job.id, job.accountId, job.campaignId, base],
      );
      const [, count] = (await tx.query(`delete from code_import where job_id = $1`, [job.id])) as [
        unknown,
        number,
      ];
      if (count > 0) await stackGrown(tx, job.campaignId!, count);
      await recordErrors(tx, job.id, errors);
      await advance(tx, job.id, { done: count, errors: errors.map(faultOf), finished: true });
      return false;
    });
  }
}
