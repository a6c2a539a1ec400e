import { Controller, Get, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { GetDelivery, invalid, type Delivery, type DeliveryStatus } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { deliveryIdOf } from './request-id';
import { forStatus } from './routes';

const words: Readonly<Record<DeliveryStatus, string>> = {
  queued: 'PENDING',
  sending: 'PENDING',
  sent: 'SENT',
  delivered: 'DELIVERED',
  failed: 'UNDELIVERED',
  suppressed: 'UNDELIVERED',
};
const most = 1_000;

@Controller('esputnik/api/v1/message')
export class MessageStatusController {
  constructor(private readonly commands: CommandClient) {}

  /** One answer for one id, a list of them for several. */
  @Get('status')
  @RouteConfig(forStatus)
  async status(@Req() request: FastifyRequest, @Query('ids') given: unknown) {
    const { caller, messageContext: context } = request;
    const requestIds = idsOf(given);
    if (requestIds.length === 0 || requestIds.length > most)
      throw invalid('request.invalid', `ids must name 1 to ${most} messages by their requestId.`);
    const results = await Promise.all(
      requestIds.map(async (requestId) => {
        const deliveryId = deliveryIdOf(requestId);
        const asked = { accountId: caller.accountId, deliveryId: deliveryId ?? '' };
        return resultOf(
          requestId,
          deliveryId ? await this.commands.send(GetDelivery, asked, { context }) : null,
        );
      }),
    );
    return { results: results.length === 1 ? results[0] : results };
  }
}

function idsOf(given: unknown): string[] {
  const texts = [given].flat().filter((each) => typeof each === 'string');
  return texts.flatMap((text) => text.split(',')).flatMap((id) => id.trim() || []);
}

function resultOf(requestId: string, delivery: Delivery | null) {
  if (!delivery) return { requestId, status: 'ERROR', message: 'There is no such message.' };
  const { status, error } = delivery;
  const message = error ?? (status === 'suppressed' ? 'This address must not be written to.' : null);
  return { requestId, status: words[status], ...(message !== null && { message }) };
}
