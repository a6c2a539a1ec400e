import { Injectable } from '@nestjs/common';
import {
  BulkCouponsIssued,
  DomainError,
  type JobError,
  type ListRow,
  type Symbology,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { Clock } from '@tearoff/service-kit';
import { readCode, type ReadCode } from '../codes/import-line';
import type { IssueRequest, IssueCommand } from '../coupons/issue-request';
import { IssueService } from '../coupons/issue.service';
import { LockedIssue } from '../coupons/locked-issue';
import { messages } from '../coupons/refusals';
import { Sending } from '../coupons/sending';
import type { Decided, Repeated } from '../coupons/issue-result';
import { retryUntilDecided } from '../coupons/issue-retry';
import { recordErrors } from '../jobs/job-errors';
import type { JobEntity } from '../jobs/job.entity';
import { advance, holdJob } from '../jobs/job.lease';
import { faultOf } from '../jobs/job.upload';
import { codeRefusals } from './code-availability';
import { AssignedIssue, type Assignment } from './assigned-issue';
import { dropRows } from './list-rows';
import { forgetServed, limitSuffices, rememberServed, servedKeys } from './served-people';

/** A part of a list, to be served as one. */
export interface Batch {
  job: JobEntity;
  worker: string;
  campaign: CampaignEntity;
  rows: readonly ListRow[];
  /** Whether it is the list's last. */
  last: boolean;
}

type Refusals = Map<number, Pick<JobError, 'code' | 'message'>>;

const reasons: Record<string, string> = { ...messages, ...codeRefusals };

/**
 * Serves a batch of a list: coupons, what is told of them, what was refused, the job's progress and the rows that
 * are done with are one transaction, so that a list which is taken up again after a crash neither serves anyone
 * twice nor counts anyone twice.
 */
@Injectable()
export class ListIssue {
  constructor(
    private readonly outbox: Outbox,
    private readonly issuing: IssueService,
    private readonly locked: LockedIssue,
    private readonly assigned: AssignedIssue,
    private readonly sending: Sending,
    private readonly clock: Clock,
  ) {}

  /** False when the job is not this worker's any more: nothing was done. */
  async serve(batch: Batch): Promise<boolean> {
    const { job, campaign, rows } = batch;
    const now = this.clock.now();
    const refusals: Refusals = new Map();
    const codes = codesIn(rows, campaign.barcode, refusals);
    const { issueRequests, outcomes } = await this.issuing.examined(
      rows.map((row) => commandOf(job, row)),
      rows.map(() => job.list!.context),
      new Map([[campaign.id, campaign]]),
      now,
    );
    outcomes.forEach((outcome, position) => {
      if (outcome instanceof DomainError) refusals.set(position, outcome);
      else if (outcome.outcome === 'refused' && !refusals.has(position))
        refusals.set(position, { code: outcome.reason, message: outcome.message });
    });
    const served = issueRequests.filter(({ position }) => !refusals.has(position));
    return this.decideWithRetry(async (tx) => {
      if (!(await holdJob(tx, job.id, batch.worker))) return null;
      const decided = await this.settle(tx, job, served, codes, now);
      const all = new Map(refusals);
      for (const one of decided)
        if (one.outcome === 'refused')
          all.set(one.ask.position, { code: one.reason, message: reasons[one.reason] });
      await this.count(tx, batch, all);
      return decided;
    });
  }

  /** Counts rows as refused that could not be served for a reason no one foresaw. */
  async giveUp(batch: Batch): Promise<boolean> {
    const fault = { code: 'internal', message: 'An unexpected error occurred.' };
    return this.decideWithRetry(async (tx) => {
      if (!(await holdJob(tx, batch.job.id, batch.worker))) return null;
      await this.count(tx, batch, new Map(batch.rows.map((_, position) => [position, fault])));
      return [];
    });
  }

  private async decideWithRetry(
    work: (tx: Transaction) => Promise<readonly { outcome: string }[] | null>,
  ): Promise<boolean> {
    const decided = await retryUntilDecided(() => this.outbox.transaction(work));
    if (decided) this.locked.issued(decided);
    return decided !== null;
  }

  private async settle(
    tx: Transaction,
    job: JobEntity,
    issueRequests: readonly IssueRequest[],
    codes: ReadonlyMap<number, ReadCode>,
    now: Date,
  ): Promise<Decided<string>[]> {
    if (issueRequests.length === 0) return [];
    const assignments: Assignment[] = issueRequests.flatMap((ask) => {
      const code = codes.get(ask.position);
      return code ? [{ ask, code }] : [];
    });
    const decided: Decided<string>[] =
      assignments.length > 0 ? await this.assigned.decideIn(tx, assignments, now) : [];
    const plain = issueRequests.filter(({ position }) => !codes.has(position));
    const { first, again } = await this.oncePerPerson(tx, job, issueRequests[0].campaign, plain, decided);
    if (first.length > 0)
      decided.push(...(await this.locked.decideIn(tx, first, now, BulkCouponsIssued.type)));
    const repeated = decided.filter((one): one is Repeated => one.outcome === 'repeated');
    await this.sending.sendListWhereMissing(tx, repeated, now);
    if (!limitSuffices(issueRequests[0].campaign)) {
      const served = decided.filter(({ outcome }) => outcome !== 'refused');
      await rememberServed(
        tx,
        job.id,
        served.map(({ ask }) => ask),
      );
    }
    const byPosition = new Map(decided.map((one) => [one.ask.position, one]));
    for (const { ask, like } of again) {
      const one = like === undefined ? undefined : byPosition.get(like);
      if (one?.outcome === 'refused') decided.push({ ...one, ask });
    }
    return decided;
  }

  /** Parts those whom the list names again, in this batch (`like` whom) or an earlier one, from the others. */
  private async oncePerPerson(
    tx: Transaction,
    job: JobEntity,
    campaign: CampaignEntity,
    issueRequests: readonly IssueRequest[],
    decided: readonly Decided<string>[],
  ): Promise<{ first: IssueRequest[]; again: { ask: IssueRequest; like?: number }[] }> {
    if (limitSuffices(campaign)) return { first: [...issueRequests], again: [] };
    const served = await servedKeys(tx, job.id, issueRequests);
    const seen = new Map<string, number>();
    const see = ({ keys, position }: IssueRequest): void => keys.forEach((key) => seen.set(key, position));
    for (const one of decided) if (one.outcome !== 'refused') see(one.ask);
    const first: IssueRequest[] = [];
    const again: { ask: IssueRequest; like?: number }[] = [];
    for (const ask of issueRequests) {
      const key = ask.keys.find((name) => seen.has(name));
      if (key !== undefined) again.push({ ask, like: seen.get(key) });
      else if (ask.keys.some((name) => served.has(name))) again.push({ ask });
      else {
        first.push(ask);
        see(ask);
      }
    }
    return { first, again };
  }

  private async count(tx: Transaction, { job, rows, last }: Batch, refusals: Refusals): Promise<void> {
    const errors = [...refusals]
      .sort(([a], [b]) => a - b)
      .map(([position, { code, message }]): JobError => {
        const { line, recipient } = rows[position];
        const name = recipient.phone ?? recipient.email ?? recipient.externalId ?? '';
        return { line, recipient: name, code, message };
      });
    await recordErrors(tx, job.id, errors);
    await dropRows(tx, job.id, rows);
    if (last) await forgetServed(tx, job.id);
    await advance(tx, job.id, {
      done: rows.length - errors.length,
      errors: errors.map(faultOf),
      finished: last,
    });
  }
}

function commandOf({ accountId, campaignId, list }: JobEntity, row: ListRow): IssueCommand {
  const source = row.source ?? list!.source;
  return {
    accountId,
    campaignId: campaignId!,
    channel: list!.channel,
    recipient: row.recipient,
    ...(list!.message && { message: list!.message }),
    ...(row.offerId !== undefined && { offerId: row.offerId }),
    ...(source && { source }),
    ...(row.metadata && { metadata: row.metadata }),
  };
}

/** The codes that rows bring, by position; those that can be none are refused. */
function codesIn(rows: readonly ListRow[], symbology: Symbology, refusals: Refusals): Map<number, ReadCode> {
  const codes = new Map<number, ReadCode>();
  rows.forEach(({ line, code }, position) => {
    if (code === undefined) return;
    const read = readCode({ line, code }, symbology);
    if (typeof read !== 'string') codes.set(position, read);
    else
      refusals.set(position, { code: 'code.invalid', message: `${codeRefusals['code.invalid']} ${read}.` });
  });
  return codes;
}
