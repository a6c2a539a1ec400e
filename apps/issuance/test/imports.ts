import { AppendCodes, BeginCodeImport, FinishCodeImport, type Job } from '@tearoff/contracts';
import type { World } from './world';

/** Imports a file of these lines, in chunks, and waits for it to be in the stack. */
export async function importCodes(
  world: World,
  campaignId: string,
  lines: readonly string[],
  chunkSize = 1_000,
): Promise<Job> {
  const { accountId } = world;
  const job = await world.ask(BeginCodeImport, { accountId, campaignId });
  const numbered = lines.map((code, index) => ({ line: index + 1, code }));
  for (let chunk = 0; chunk * chunkSize < lines.length; chunk++) {
    await world.ask(AppendCodes, {
      accountId,
      jobId: job.id,
      chunk,
      lines: numbered.slice(chunk * chunkSize, (chunk + 1) * chunkSize),
    });
  }
  return world.finished(await world.ask(FinishCodeImport, { accountId, jobId: job.id }));
}
