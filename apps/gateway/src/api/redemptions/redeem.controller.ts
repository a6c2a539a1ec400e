import { Controller, Post } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import { invalid, RedemptionRequest } from '@tearoff/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { strict } from '../../http/validation/hot-route';
import { withoutAccount } from '../../http/views';
import { exampleIds } from '../../http/openapi/example-ids';
import { Operation } from '../../http/openapi/operation.decorator';
import { Till } from './till';
import { refusalCodes, refusalOf } from './refusals';

/** The hot route: compiled schema, called by Fastify. */
@Controller('v1/redemptions')
export class RedeemController {
  constructor(private readonly till: Till) {}

  @Post()
  @Operation({
    tag: 'Till',
    summary: 'Redeem a coupon',
    description:
      'Of any number of simultaneous redemptions of one code exactly one succeeds. A till that lost the answer asks ' +
      'again with the same `transactionRef` and is given the same redemption (200), also when it was reversed ' +
      'meanwhile: `reversedAt` then says so and the coupon is not spent. To redeem a coupon again after a reversal, ' +
      'send another `transactionRef`. A basket in another currency than the coupon is refused; one that names no ' +
      'currency is taken to be in the coupon’s. `coupon.min_basket` tells `minBasket` and what is `missing`.',
    scopes: ['pos'],
    body: {
      schema: strict(RedemptionRequest),
      hot: true,
      examples: {
        code: {
          summary: 'By code',
          value: { code: exampleIds.code, storeId: 'london-1', transactionRef: 'till-3/2027-05-04/118' },
        },
        basket: {
          summary: 'With the basket, so that the discount is worked out',
          value: { code: exampleIds.code, channel: 'online', basket: { total: 4250, currency: 'GBP' } },
        },
      },
    },
    answers: {
      201: { description: 'Redeemed.', schema: 'Redemption' },
      200: {
        description: 'This very redemption was made before; with `reversedAt` when it was reversed since.',
        schema: 'Redemption',
      },
    },
    problems: {
      404: ['coupon.not_found', 'reservation.not_found'],
      409: refusalCodes,
      429: ['rate.limited', 'coupon.too_many_unknown'],
      503: ['campaign.unknown'],
    },
  })
  async redeem(request: FastifyRequest<{ Body: Static<typeof RedemptionRequest> }>, reply: FastifyReply) {
    const { body } = request;
    if (body.code === undefined && body.reservationId === undefined) throw codeless();
    const result = await this.till.redeem(request, body);
    if (result.outcome === 'refused') throw refusalOf(result);
    reply.code(result.outcome === 'repeated' ? 200 : 201);
    return withoutAccount(result.redemption);
  }
}

const codeless = () =>
  invalid('request.invalid', 'The body is not valid.', {
    errors: [{ path: '/code', message: 'is required unless there is a reservationId' }],
  });
