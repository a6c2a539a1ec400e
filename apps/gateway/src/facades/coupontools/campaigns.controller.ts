import { Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { DomainError, GetCampaign, GetFunnel, type MessageContext } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { allCampaigns } from '../campaign-pages';
import { unknownFolder } from './faults';
import { Parameters } from './parameters';
import { standingFor } from './routes';
import { campaignInfo, ok, timeOf } from './views';

@Controller('coupontools/v3/coupon')
export class CoupontoolsCampaignsController {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Get('list')
  @RouteConfig(standingFor('GET /v1/campaigns'))
  listed(@Req() request: FastifyRequest) {
    return this.list(request);
  }

  @Post('list')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/campaigns'))
  async list(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const status = parameters.flag('only_active') ? 'active' : undefined;
    // Campaigns are in no folder and have no tags.
    if (parameters.has('folder') || parameters.has('category')) parameters.fault(unknownFolder);
    parameters.check();
    if (parameters.has('tags')) return ok({ coupon_info: [] });
    const campaigns = await allCampaigns(this.commands, caller.accountId, status, context);
    return ok({ coupon_info: campaigns.map((campaign) => campaignInfo(campaign, this.publicUrl)) });
  }

  @Get('info')
  @RouteConfig(standingFor('GET /v1/campaigns/:id', 'GET /v1/reports/funnel'))
  informed(@Req() request: FastifyRequest) {
    return this.info(request);
  }

  @Post('info')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/campaigns/:id', 'GET /v1/reports/funnel'))
  async info(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const parameters = Parameters.of(request);
    const campaignId = parameters.campaign();
    const withStats = parameters.flag('show_usage_stats');
    parameters.check();
    const campaign = await this.commands.send(GetCampaign, { accountId, campaignId }, { context });
    const { content, validity } = campaign;
    return ok({
      coupon_info: {
        ...campaignInfo(campaign, this.publicUrl),
        description: content.description ?? '',
        terms: content.terms ?? '',
        start_date_utc: timeOf(validity.startsAt ?? null),
        end_date_utc: timeOf(validity.endsAt ?? null),
        ...(withStats && { usage_stats: await this.usage(accountId, campaignId, context) }),
      },
    });
  }

  private async usage(accountId: string, campaignId: string, context: MessageContext) {
    const request = { accountId, campaignId, groupBy: [] };
    const { total } = await this.commands.send(GetFunnel, request, { context }).catch(notHeardOfYet);
    const { issued, opened, redeemed } = total;
    return { sessions: issued, opens: opened, claims: redeemed, validations: redeemed };
  }
}

/** Reports hear of a campaign a moment after its owner. */
function notHeardOfYet(error: unknown) {
  if (error instanceof DomainError && error.code === 'campaign.not_found')
    return { total: { issued: 0, opened: 0, redeemed: 0 } };
  throw error;
}
