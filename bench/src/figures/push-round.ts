import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from '../bench';
import { machineTime } from '../clock';
import { createCard } from '../data/card';
import { enrolNewest, loadMembers } from '../data/members';
import { giveWallets } from '../data/wallets';
import { get, post } from '../deployment/api';
import type { Deployment } from '../deployment/deployment';
import { memoryOf } from '../deployment/process-usage';
import { median, type Run } from '../rounds';
import type { Worker } from '../workers/worker';

/** What the stand-ins for wallets' servers tell of themselves. */
export interface WalletCount {
  messages: number;
  /** How many different ones have had a message. */
  wallets: number;
  /** Requests at one time, at most. */
  maxAtOnce: number;
}

export interface PushRound extends Run {
  /** Of each message since the order was posted; milliseconds. */
  arrivals: number[];
  maxAtOnce: number;
  /** Megabytes at most in each tenth of the way. */
  resident: number[];
}

interface Ground {
  deployment: Deployment;
  kind: 'apple' | 'google';
  standIn: Worker;
  count: number;
}

const stallMs = 60_000;

/**
 * A message to a card that so many have in a wallet, from the POST until nothing is under way any more, so that
 * anyone who is told twice is counted. `value`: wallets a second until the last was told.
 */
export async function tellAll(bench: Bench, ground: Ground): Promise<PushRound> {
  const { deployment, standIn, count } = ground;
  const { port } = deployment;
  const cardId = await prepare(bench, ground);
  const costs = await bench.meter(deployment);
  const startedAt = machineTime();
  const path = `/v1/loyalty/cards/${cardId}/push`;
  const { jobId, devices } = await post<{ jobId: string; devices: number }>(port, path, { message: 'Hello' });
  const resident = await watch(bench, ground, startedAt);
  bench.tell(costs(count));
  await bench.calm(deployment);
  const { messages, wallets, maxAtOnce } = await standIn.ask<WalletCount>('count');
  const { status, done } = await get<{ status: string; done: number }>(port, `${path}/${jobId}`);
  const right = status === 'done' && [devices, done, wallets, messages].every((each) => each === count);
  if (!right)
    bench.tell(`  ${devices} found, ${done} ${status}, ${messages} messages to ${wallets} of ${count}`);
  const arrivals = (await standIn.ask<number[]>('arrivals')).map((at) => at - startedAt);
  bench.tell(`  half of them after ${inSeconds(median(arrivals))} s, ${maxAtOnce} at a time at most`);
  const value = (count / arrivals.at(-1)!) * 1_000;
  return { value, errors: Math.abs(messages - count) + Number(!right), arrivals, maxAtOnce, resident };
}

async function prepare(bench: Bench, { deployment, kind, standIn, count }: Ground): Promise<string> {
  const card = await createCard(bench, deployment);
  await bench.onServer(async (client) => {
    await loadMembers(client, card.accountId, count);
    await enrolNewest(client, card.id, count);
    await giveWallets(client, card.id, kind);
  }, deployment.databaseUrl);
  await bench.calm(deployment);
  await standIn.ask('reset');
  return card.id;
}

/** The most memory in each tenth of the way, told as it is passed. */
async function watch(
  bench: Bench,
  { deployment, standIn, count }: Ground,
  startedAt: number,
): Promise<number[]> {
  const [{ pid }] = deployment.processes;
  const resident: number[] = [];
  let [reached, movedAt, least, most] = [0, machineTime(), Infinity, 0];
  while (reached < count) {
    await pause(50);
    const { wallets } = await standIn.ask<WalletCount>('count');
    if (wallets > reached) movedAt = machineTime();
    else if (machineTime() - movedAt > stallMs) throw new Error(`only ${wallets} of ${count} were told`);
    reached = wallets;
    const now = memoryOf(pid)?.resident ?? Number.NaN;
    [least, most] = [Math.min(least, now), Math.max(most, now)];
    while (resident.length < Math.floor((reached / count) * 10)) {
      resident.push(most);
      const tenth = resident.length * 10;
      const after = inSeconds(machineTime() - startedAt);
      bench.tell(`  ${tenth} % after ${after} s: ${least} to ${most} MB resident`);
      [least, most] = [Infinity, 0];
    }
  }
  return resident;
}

const inSeconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);
