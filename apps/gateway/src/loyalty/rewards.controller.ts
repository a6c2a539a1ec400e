import { Body, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import {
  conflict,
  IssueCoupon,
  RedeemReward,
  type Coupon,
  type MessageContext,
  type RewardOrder,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { issuedView } from '../coupons/coupon.view';
import { PathId } from '../http/path-id.pipe';
import { SchemaPipe } from '../http/schema.pipe';
import { Operation } from '../openapi/operation.decorator';
import { PUBLIC_URL } from '../pages/pages.tokens';
import { refusalOf } from './loyalty.refusals';
import { rewardExamples } from './member.examples';
import { RewardBody } from './member.schema';
import { referenceOf } from './references';

@Controller('v1/loyalty/cards/:id/members/:memberId/rewards')
export class RewardsController {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post(':rewardId/redeem')
  @Operation({
    tag: 'Loyalty',
    summary: 'Turn points into a reward',
    description:
      "Spends the reward's cost and answers with its coupon. The same `reference` again = the same coupon. Where the " +
      'campaign gives none (409 with its reason), the points come back by themselves.',
    scopes: ['marketing'],
    body: { schema: 'RewardRequest', optional: true, examples: rewardExamples },
    answers: {
      201: { description: 'The coupon.', schema: 'IssuedCoupon' },
      200: { description: 'The coupon of this reference.', schema: 'IssuedCoupon' },
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
    const { issue, order } = bought;
    // The points are back: a coupon now would be a gift.
    if (issue.status === 'refused') throw refused(issue.reason ?? 'reward.refused');
    const coupon = await this.couponOf(order, context);
    const repeated = bought.outcome === 'repeated';
    void reply.code(repeated ? 200 : 201);
    return issuedView(coupon, repeated, this.publicUrl);
  }

  /** It is ordered already, with the points that paid for it; asking for it saves the caller the wait. */
  private async couponOf(
    { rewardIssueId: _, ...order }: RewardOrder,
    context: MessageContext,
  ): Promise<Coupon> {
    const outcome = await this.commands.send(IssueCoupon, order, { context });
    if (outcome.outcome === 'refused') throw refused(outcome.reason, outcome.message);
    return outcome.coupon;
  }
}

const refused = (code: string, message = 'No coupon could be issued for this reward; the points are back.') =>
  conflict(code, message);
