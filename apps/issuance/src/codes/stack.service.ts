import { Injectable } from '@nestjs/common';
import type { GenerateCodes, Job, ListCodes, ReplyOf, RequestOf } from '@tearoff/contracts';
import { decodeCursor, toPageBy } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { readCounters } from '../campaigns/campaign-counters';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { campaignNotFound } from '../campaigns/campaigns.errors';
import { JobsService } from '../jobs/jobs.service';
import { smallestSpace } from './code-format';
import { spaceOf } from './code-patterns';
import { codesNotGenerated, formatTooSmall } from './codes.errors';

@Injectable()
export class StackService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
  ) {}

  async generate({ accountId, campaignId, count }: RequestOf<typeof GenerateCodes>): Promise<Job> {
    const campaign = await this.campaign(accountId, campaignId);
    if (campaign.codes.source === 'imported') throw codesNotGenerated();
    const counters = await readCounters(this.dataSource.manager, [campaignId]);
    const { stocked } = counters.get(campaignId)!;
    if (spaceOf(campaign) < smallestSpace(stocked + count)) throw formatTooSmall(count);
    const job = await this.jobs.create({
      accountId,
      campaignId,
      kind: 'codes.generate',
      total: count,
      ready: true,
    });
    this.jobs.wake();
    return job;
  }

  async list(request: RequestOf<typeof ListCodes>): Promise<ReplyOf<typeof ListCodes>> {
    const { accountId, campaignId, cursor, limit = 1_000 } = request;
    await this.campaign(accountId, campaignId);
    const after = Number(decodeCursor(cursor, /^\d{1,15}$/) ?? 0);
    const rows = (await this.dataSource.query(
      `select stack.ticket::text as ticket, coalesce(stack.printed_code, stack.code) as code, coupon.id as "couponId",
         stack.valid_to as "validTo"
       from stack_code stack
       left join coupon on coupon.code = stack.code and coupon.account_id = stack.account_id
         and coupon.campaign_id = stack.campaign_id
       where stack.campaign_id = $1 and stack.ticket > $2
       order by stack.ticket limit $3`,
      [campaignId, after, limit + 1],
    )) as { ticket: string; code: string; couponId: string | null; validTo: Date | null }[];
    return toPageBy(
      ({ ticket }) => ticket,
      rows,
      limit,
      ({ code, couponId, validTo }) => ({ code, couponId, validTo: validTo?.toISOString() ?? null }),
    );
  }

  private async campaign(accountId: string, id: string): Promise<CampaignEntity> {
    const campaign = await this.dataSource.manager.findOneBy(CampaignEntity, { id, accountId });
    if (!campaign) throw campaignNotFound();
    return campaign;
  }
}
