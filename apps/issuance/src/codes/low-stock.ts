import { Injectable } from '@nestjs/common';
import { CodesLowStock, newId } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import type { EntityManager } from 'typeorm';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { Clock } from '@tearoff/service-kit';
import { JobEntity } from '../jobs/job.entity';
import { JobsService } from '../jobs/jobs.service';

/** The stack in lane 0 of a campaign's counters. */
export interface StackCounter {
  taken: number;
  stocked: number;
  lowAnnounced: boolean;
}

/** Tells once when a stack falls to `lowStock`, and has a generated one topped up. */
@Injectable()
export class LowStock {
  private queued = false;

  constructor(
    private readonly outbox: Outbox,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  /** In the transaction that has taken `tickets` of the stack, and holds its counter. */
  async afterTaking(
    tx: Transaction,
    campaign: CampaignEntity,
    { taken, stocked, lowAnnounced }: StackCounter,
    tickets: number,
  ): Promise<void> {
    const { id: campaignId, accountId } = campaign;
    const { lowStock } = campaign.codes;
    if (tickets === 0) return;
    const stock = stocked - taken - tickets;
    const low = typeof lowStock === 'number' && stock <= lowStock;
    if (low === lowAnnounced) return;
    await tx.query(`update campaign_counter set low_told = $2 where campaign_id = $1 and lane = 0`, [
      campaignId,
      low,
    ]);
    if (!low) return;
    const at = this.clock.now().toISOString();
    await this.outbox.add(tx, CodesLowStock, [{ accountId, campaignId, stock, lowStock, at }]);
    await queueTopUp(tx, campaign);
    this.queued = true;
  }

  /** A transaction has committed: what it may have queued can begin. */
  committed(): void {
    if (!this.queued) return;
    this.queued = false;
    this.jobs.wake();
  }
}

/**
 * After a stack has grown: what a rush has taken meanwhile may leave it low still, and of that no one is told
 * again.
 */
export async function topUpAgain(tx: EntityManager, campaign: CampaignEntity): Promise<void> {
  const [row] = (await tx.query(
    `select low_told as low from campaign_counter where campaign_id = $1 and lane = 0`,
    [campaign.id],
  )) as { low: boolean }[];
  if (row.low) await queueTopUp(tx, campaign);
}

async function queueTopUp(tx: EntityManager, { id, accountId, codes }: CampaignEntity): Promise<void> {
  if (!codes.topUp || codes.source !== 'generated') return;
  const job = { id: newId('job'), accountId, campaignId: id, kind: 'codes.generate' as const };
  await tx.insert(JobEntity, { ...job, total: codes.topUp, ready: true });
}
