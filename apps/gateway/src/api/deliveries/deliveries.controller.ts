import { Controller, Get, Query, Req } from '@nestjs/common';
import { deliveryStatuses, ListDeliveries, type DeliveryStatus } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { sendForCaller } from '../../http/send-for-caller';
import { IsText } from '../../http/validation/validators';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';

export class DeliveriesQuery extends PagingQuery {
  @Optional() @IsText(48) couponId?: string;
  @Optional() @IsText(48) campaignId?: string;
  @Optional() @IsIn(deliveryStatuses) status?: DeliveryStatus;
}

@Controller('v1/deliveries')
export class DeliveriesController {
  constructor(private readonly commands: CommandClient) {}

  @Get()
  @Operation({
    tag: 'Messages',
    summary: 'What became of the messages, newest first',
    scopes: ['marketing'],
    query: DeliveriesQuery,
    answers: { 200: { description: 'A page of deliveries.', schema: 'Delivery', page: true } },
  })
  async list(@Req() request: FastifyRequest, @Query(new QueryPipe(DeliveriesQuery)) query: DeliveriesQuery) {
    const page = await sendForCaller(this.commands, request, ListDeliveries, query);
    return pageOf(page, withoutAccount);
  }
}
