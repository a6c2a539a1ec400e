import { Controller, Get, Inject, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { CampaignView } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { allCampaigns } from '../campaign-pages';

@Controller('liquidbarcodes/content/campaigns')
export class SchedulesController {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  /** What can be issued: active, not over, and no game or choice, which an IssueRequest has no words for. */
  @Get('list')
  @RouteConfig({ standsFor: ['GET /v1/campaigns'] })
  async list(@Req() { caller, messageContext: context }: FastifyRequest) {
    const campaigns = await allCampaigns(this.commands, caller.accountId, 'active', context);
    const now = Date.now();
    return {
      Campaigns: campaigns.filter((campaign) => isIssuable(campaign, now)).map((each) => this.shown(each)),
    };
  }

  private shown({ id, name, content, validity, issued, limits }: CampaignView) {
    return {
      ScheduleId: id,
      Name: name,
      Title: content.title ?? null,
      Description: content.description ?? null,
      ValidFrom: validity.startsAt ?? null,
      ValidTo: validity.endsAt ?? null,
      Issued: issued,
      Limit: limits.total,
      Url: `${this.publicUrl}/o/${id}`,
    };
  }
}

const isIssuable = ({ type, validity: { endsAt } }: CampaignView, now: number): boolean =>
  type !== 'game' && type !== 'choice' && (!endsAt || Date.parse(endsAt) > now);
