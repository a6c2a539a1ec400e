import {
  AppendRecipients,
  BeginDistribution,
  FinishDistribution,
  ListJobErrors,
  type Job,
  type JobError,
  type ListRow,
  type RequestOf,
} from '@tearoff/contracts';
import type { World } from './world';

type Row = Omit<ListRow, 'line'>;
type Begin = RequestOf<typeof BeginDistribution>;

/** A list sent in chunks, and finished unless configured otherwise; the job as it is at that moment. */
export async function send(
  world: World,
  campaign: { id: string },
  rows: readonly Row[],
  {
    chunkSize = 2_000,
    finish = true,
    ...rest
  }: Partial<Omit<Begin, 'accountId' | 'campaignId'>> & { chunkSize?: number; finish?: boolean } = {},
): Promise<Job> {
  const { accountId } = world;
  const job = await world.ask(BeginDistribution, {
    accountId,
    campaignId: campaign.id,
    channel: 'none',
    ...rest,
  });
  const numbered = rows.map((row, index) => ({ line: index + 1, ...row }));
  for (let chunk = 0; chunk * chunkSize < rows.length; chunk++)
    await world.ask(AppendRecipients, {
      accountId,
      jobId: job.id,
      chunk,
      rows: numbered.slice(chunk * chunkSize, (chunk + 1) * chunkSize),
    });
  return finish ? world.ask(FinishDistribution, { accountId, jobId: job.id }) : job;
}

/** The same, once the list is over. */
export const distribute = async (...list: Parameters<typeof send>): Promise<Job> =>
  list[0].finished(await send(...list));

/** What was refused: line and slug. */
export async function refusalsOf(world: World, { id: jobId }: { id: string }): Promise<[number, string][]> {
  return (await errorsOf(world, jobId)).map(({ line, code }) => [line, code]);
}

export async function errorsOf(world: World, jobId: string): Promise<JobError[]> {
  const { accountId } = world;
  return (await world.ask(ListJobErrors, { accountId, jobId, limit: 5_000 })).data;
}

export const person = (index: number): Row => ({ recipient: { externalId: `person ${index}` } });
