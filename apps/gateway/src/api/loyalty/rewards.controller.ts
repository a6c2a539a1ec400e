import { Body, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import { conflict, GetCoupon, RedeemReward } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { issuedView } from '../coupons/coupon.view';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { refusalOf } from './loyalty.refusals';
import { rewardExamples } from './member.examples';
import { RewardBody } from './member.schema';
import { referenceOf } from './references';
import { RewardWait } from './reward-wait';

@Controller('v1/loyalty/cards/:id/members/:memberId/rewards')
export class RewardsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly rewards: RewardWait,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post(':rewardId/redeem')
  @Operation({
    tag: 'Loyalty',
    summary: 'Turn points into a reward',
    description:
      "Spends the reward's cost, has its coupon issued and answers with it. The same `reference` again = the same " +
      'coupon. Where the campaign gives none (409 with its reason), the points come back by themselves. What is not ' +
      'decided within 5 seconds, or those of `Prefer: wait=N`, is 202 with the reward as it is; its coupon will have ' +
      'the id in `couponId`. The same `reference` or `Idempotency-Key` again says what became of it.',
    scopes: ['marketing'],
    body: { schema: 'RewardRequest', optional: true, examples: rewardExamples },
    answers: {
      201: { description: 'The coupon.', schema: 'IssuedCoupon' },
      200: { description: 'The coupon of this reference.', schema: 'IssuedCoupon' },
      202: { description: 'Paid for; the coupon is still on its way.', schema: 'RewardIssue' },
    },
    problems: {
      404: ['card.not_found', 'member.not_found', 'enrolment.not_found', 'reward.not_found'],
      409: [
        'points.insufficient',
        'card.not_active',
        'campaign.not_active',
        'campaign.ended',
        'campaign.exhausted',
        'recipient.limit_reached',
        'recipient.suppressed',
        'reward.refused',
      ],
    },
    prefer: 'what becomes of the reward',
  })
  async redeem(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id', new PathId('card')) cardId: string,
    @Param('memberId', new PathId('member')) memberId: string,
    @Param('rewardId', new PathId('reward')) rewardId: string,
    @Body(new SchemaPipe(RewardBody)) body: Static<typeof RewardBody>,
  ) {
    const { caller, messageContext: context } = request;
    const { accountId, keyId: by } = caller;
    const reference = referenceOf(request, body.reference);
    const whose = { accountId, cardId, memberId, rewardId, by };
    const bought = await this.commands.send(RedeemReward, { ...whose, ...body, reference }, { context });
    if (bought.outcome === 'refused') throw refusalOf(bought);
    const issue = await this.rewards.outcomeOf(bought.issue, request, reply);
    if (issue.status === 'refused') throw refused(issue.reason ?? 'reward.refused');
    if (issue.status === 'granted') {
      void reply.code(202).header('retry-after', 1);
      return withoutAccount(issue);
    }
    const { couponId } = issue;
    const coupon = await this.commands.send(GetCoupon, { accountId, couponId }, { context });
    const repeated = bought.outcome === 'repeated';
    void reply.code(repeated ? 200 : 201);
    return issuedView(coupon, repeated, this.publicUrl);
  }
}

const refused = (code: string) =>
  conflict(code, 'No coupon could be issued for this reward; the points are back.');
