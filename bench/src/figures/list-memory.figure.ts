import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '@tearoff/contracts';
import { createCampaign } from '../data/campaign';
import { authHeaders, get } from '../deployment/api';
import type { Deployment } from '../deployment/deployment';
import { memoryOf } from '../deployment/process-usage';
import type { Figure } from '../figure';

/** What a large list costs the process that takes it in and serves it. Takes minutes: only run when it is named. */
export const listMemory: Figure = {
  name: 'list-memory',
  needsBroker: false,
  onDemand: true,
  async run(bench) {
    const { listSize: count } = bench.options;
    const deployment = await bench.standalone();
    const campaign = await createCampaign(bench, deployment);
    const { pid } = deployment.processes[0];
    const startedAt = performance.now();
    const jobId = await upload(deployment, campaign.id, count);
    bench.tell(`  taken in after ${seconds(startedAt)} s, ${resident(pid)} MB resident`);
    const tenths: number[] = [];
    let job: Job;
    do {
      await pause(50);
      job = await get<Job>(deployment.port, `/v1/jobs/${jobId}`);
      while (tenths.length < Math.floor(((job.done + job.failed) / count) * 10)) {
        tenths.push(resident(pid));
        bench.tell(`  ${tenths.length * 10} % after ${seconds(startedAt)} s: ${tenths.at(-1)} MB resident`);
      }
    } while (!job.finishedAt);
    return [
      {
        name: `Resident memory at the end of a list of ${count.toLocaleString('en')}, one process`,
        measured: tenths.at(-1)!,
        unit: 'MB',
        limitIs: 'the same at a tenth of it',
        limit: tenths[0],
        reach: { atMost: 1.3 },
        errors: Math.abs(count - job.done),
      },
    ];
  },
};

const seconds = (startedAt: number): string => ((performance.now() - startedAt) / 1_000).toFixed(1);
const resident = (pid: number): number => memoryOf(pid)?.resident ?? Number.NaN;

async function upload({ port }: Deployment, campaignId: string, count: number): Promise<string> {
  let line = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (stream) => {
      if (line >= count) return stream.close();
      const to = Math.min(count, line + 1_000);
      let text = line === 0 ? 'externalId,firstName\n' : '';
      while (line < to) text += `person ${line++},Ann\n`;
      stream.enqueue(Buffer.from(text));
    },
  });
  const path = `/v1/campaigns/${campaignId}/distributions?channel=none`;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { ...authHeaders, 'content-type': 'text/csv' },
    body,
    duplex: 'half',
  });
  if (response.status !== 202) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { jobId: string }).jobId;
}
