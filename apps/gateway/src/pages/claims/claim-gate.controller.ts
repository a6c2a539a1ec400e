import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { GetCampaign } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { PathId } from '../../http/validation/path-id.pipe';
import { Operation } from '../../http/openapi/operation.decorator';
import { ClaimBreaker, type GateState } from './claim-breaker';

const scopes = ['marketing'] as const;
const tag = 'Claims';

/** How a campaign's public claims fare. */
@Controller('v1/campaigns/:id/claims')
export class ClaimGateController {
  constructor(
    private readonly commands: CommandClient,
    private readonly breaker: ClaimBreaker,
  ) {}

  @Get()
  @Operation({
    tag,
    summary: 'Whether public claims are open',
    description:
      'They halt by themselves when hardly any of the messages that they brought out (coupons, passcodes, links to ' +
      'games) are followed: then machines claim, not people. `served` and `opened` count since `since`.',
    scopes,
    answers: { 200: { description: 'The state.', schema: 'ClaimGate' } },
    problems: { 404: ['campaign.not_found'] },
  })
  async read(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
  ): Promise<GateState> {
    await this.mustBeOwn(request, campaignId);
    return this.breaker.state(campaignId);
  }

  @Post('resume')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'Open halted claims again',
    description: 'Counting begins anew. Open ones stay as they are.',
    scopes,
    answers: { 200: { description: 'The state.', schema: 'ClaimGate' } },
    problems: { 404: ['campaign.not_found'] },
  })
  async resume(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
  ): Promise<GateState> {
    await this.mustBeOwn(request, campaignId);
    await this.breaker.resume(campaignId);
    return this.breaker.state(campaignId);
  }

  private async mustBeOwn(
    { caller, messageContext: context }: FastifyRequest,
    campaignId: string,
  ): Promise<void> {
    await this.commands.send(GetCampaign, { accountId: caller.accountId, campaignId }, { context });
  }
}
