import { Body, Controller, Get, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  CreateCampaign,
  GetCampaign,
  ListCampaigns,
  UpdateCampaign,
  type CampaignInput,
  type CampaignView,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { PathId } from '../../http/validation/path-id.pipe';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf, withoutAccount } from '../../http/views';
import { MessageCheck, textsIn } from '../messages/message-check';
import { Operation } from '../../http/openapi/operation.decorator';
import { campaignInputOf } from './campaign-input';
import { CampaignDto, CampaignsQuery } from './campaign.dto';
import { campaignExamples, patchExamples } from './campaign.examples';

const scopes = ['marketing'] as const;
const tag = 'Campaigns';

@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly messages: MessageCheck,
  ) {}

  @Post()
  @Operation({
    tag,
    summary: 'Make a campaign',
    description:
      'Only the name is required: the rest has defaults. Codes fit their `barcode`: of `ean13` they are 13 digits, by ' +
      'default from 99; of `gs1-8112` they are GS1 coupon numbers of `codes.funderId` and `codes.offerCode` with a ' +
      'serial number of `codes.length` digits. What cannot be made so is 422.',
    scopes,
    body: { schema: 'CampaignInput', examples: campaignExamples },
    answers: { 201: { description: 'The campaign, with its defaults.', schema: 'Campaign' } },
    problems: { 422: ['campaign.invalid', 'message.invalid'] },
  })
  async create(@Req() request: FastifyRequest, @Body(new BodyPipe(CampaignDto)) body: CampaignDto) {
    await this.messages.refuseBroken(textsIn(body.messages, '/messages'), request.messageContext);
    const campaign = campaignInputOf(body) as CampaignInput;
    return view(await sendForCaller(this.commands, request, CreateCampaign, { campaign }));
  }

  @Get()
  @Operation({
    tag,
    summary: 'List campaigns, newest first',
    scopes,
    query: CampaignsQuery,
    answers: { 200: { description: 'A page of campaigns.', schema: 'Campaign', page: true } },
  })
  async list(@Req() request: FastifyRequest, @Query(new QueryPipe(CampaignsQuery)) query: CampaignsQuery) {
    const page = await sendForCaller(this.commands, request, ListCampaigns, query);
    return pageOf(page, view);
  }

  @Get(':id')
  @Operation({
    tag,
    summary: 'Read a campaign with its counters',
    scopes,
    answers: { 200: { description: 'The campaign.', schema: 'Campaign' } },
    problems: { 404: ['campaign.not_found'] },
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('campaign')) campaignId: string) {
    return view(await sendForCaller(this.commands, request, GetCampaign, { campaignId }));
  }

  @Patch(':id')
  @Operation({
    tag,
    summary: 'Change a campaign',
    description:
      'A JSON merge patch (RFC 7396): what is absent stays, null removes. Content shows at once on coupons already ' +
      'out; their codes and recipients never change. `codes` and `type` are fixed once coupons are out, and `barcode` ' +
      'may only become one that can carry every code there is.',
    scopes,
    body: { schema: 'CampaignPatch', examples: patchExamples },
    answers: { 200: { description: 'The campaign as it is now.', schema: 'Campaign' } },
    problems: {
      404: ['campaign.not_found'],
      409: ['campaign.in_use', 'campaign.codes_do_not_fit'],
      422: ['campaign.invalid', 'message.invalid'],
    },
  })
  async update(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
    @Body(new BodyPipe(CampaignDto, 'skip')) body: Partial<CampaignDto>,
  ) {
    await this.messages.refuseBroken(textsIn(body.messages, '/messages'), request.messageContext);
    const patch = { ...campaignInputOf(body) };
    return view(await sendForCaller(this.commands, request, UpdateCampaign, { campaignId, patch }));
  }
}

const view = (campaign: CampaignView) => withoutAccount(campaign);
