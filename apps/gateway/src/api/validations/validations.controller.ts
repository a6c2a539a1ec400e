import { Controller, Post } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import { ValidationRequest, type Validation } from '@tearoff/contracts';
import type { FastifyRequest } from 'fastify';
import { strict } from '../../http/validation/hot-route';
import { exampleIds } from '../../http/openapi/example-ids';
import { Operation } from '../../http/openapi/operation.decorator';
import { Till } from '../redemptions/till';

/** The hot route: compiled schema, called by Fastify. */
@Controller('v1/validations')
export class ValidationsController {
  constructor(private readonly till: Till) {}

  @Post()
  @Operation({
    tag: 'Till',
    summary: 'Ask whether a coupon could be redeemed',
    description:
      'Spends nothing. Always 200 for a well-formed question: `valid`, or `reason`; but 429 after many unknown codes ' +
      'of one key and store. `minBasket` is what the basket has to come to; with `min_basket`, `missing` is how much ' +
      'this one lacks. A basket in another currency than the coupon is answered `wrong_currency`; one that names no ' +
      'currency is taken to be in the coupon’s.',
    scopes: ['pos'],
    body: {
      schema: strict(ValidationRequest),
      hot: true,
      examples: {
        code: { summary: 'Only the code', value: { code: exampleIds.code } },
        basket: {
          summary: 'With store and basket',
          value: { code: exampleIds.code, storeId: 'london-1', basket: { total: 4250, currency: 'GBP' } },
        },
      },
    },
    answers: { 200: { description: 'What a redemption would be told.', schema: 'Validation' } },
    problems: { 429: ['rate.limited', 'coupon.too_many_unknown'], 503: ['campaign.unknown'] },
  })
  validate(request: FastifyRequest<{ Body: Static<typeof ValidationRequest> }>): Promise<Validation> {
    return this.till.validate(request, request.body);
  }
}
