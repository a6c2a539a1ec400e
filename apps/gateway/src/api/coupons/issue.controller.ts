import { Controller, Inject, Post } from '@nestjs/common';
import { IssueCoupon, IssueRequest } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { strict } from '../../http/validation/hot-route';
import { waitOf } from '../../http/prefer';
import { MessageCheck } from '../messages/message-check';
import { Operation } from '../../http/openapi/operation.decorator';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { issueExamples } from './coupon.examples';
import { issuedView } from './coupon.view';
import { DeliveryWait } from './delivery-wait';
import { refusalOf } from './issue-refusals';
import { checkOwnMessage } from './own-message';

/** The hot route: compiled schema, called by Fastify. */
@Controller('v1/coupons')
export class IssueController {
  constructor(
    private readonly commands: CommandClient,
    private readonly deliveries: DeliveryWait,
    private readonly messages: MessageCheck,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post()
  @Operation({
    tag: 'Coupons',
    summary: 'Issue a coupon',
    description:
      'Safe to repeat: the same person gets the same coupon again (200, `repeated: true`), by any spelling of them ' +
      'phone number. With a channel the coupon is sent; `Prefer: wait=N` answers with what became of the delivery.',
    scopes: ['marketing'],
    body: { schema: strict(IssueRequest), hot: true, examples: issueExamples },
    answers: {
      201: { description: 'A new coupon.', schema: 'IssuedCoupon' },
      200: { description: 'The coupon that this person holds already.', schema: 'IssuedCoupon' },
    },
    problems: {
      404: ['campaign.not_found'],
      409: [
        'campaign.not_active',
        'campaign.ended',
        'campaign.exhausted',
        'campaign.is_game',
        'offer.exhausted',
        'recipient.limit_reached',
        'recipient.suppressed',
      ],
      422: [
        'recipient.invalid_phone',
        'recipient.invalid_email',
        'recipient.missing',
        'recipient.no_address',
        'offer.not_found',
        'offer.required',
        'offer.not_allowed',
        'message.invalid',
        'template.not_found',
        'template.wrong_channel',
      ],
      503: ['campaign.busy'],
    },
    prefer: 'the delivery',
  })
  async issue(request: FastifyRequest<{ Body: IssueRequest }>, reply: FastifyReply) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const { message, channel } = request.body;
    if (message)
      await checkOwnMessage(message, { accountId, channel, context }, this.messages, this.commands);
    const outcome = await this.commands.send(IssueCoupon, { accountId, ...request.body }, { context });
    if (outcome.outcome === 'refused') throw refusalOf(outcome);
    const { coupon } = outcome;
    const repeated = outcome.outcome === 'repeated';
    reply.code(repeated ? 200 : 201);
    const seconds = waitOf(request.headers.prefer);
    if (seconds === null || !coupon.delivery) return issuedView(coupon, repeated, this.publicUrl);
    reply.header('preference-applied', `wait=${seconds}`);
    const delivery = await this.deliveries.outcomeOf(coupon.delivery, { accountId, seconds, context, reply });
    return issuedView(coupon, repeated, this.publicUrl, delivery);
  }
}
