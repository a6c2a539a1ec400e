import { Injectable } from '@nestjs/common';
import { GetDelivery, settledDeliveryStatuses, type Coupon, type MessageContext } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply } from 'fastify';
import { pollUntil } from '../../http/poll-until';
import { deliveryView, type DeliveryView } from './coupon.view';

const pauses = { firstPauseMs: 20, longestPauseMs: 200 };

export interface WaitOptions {
  accountId: string;
  seconds: number;
  context: MessageContext;
  reply: FastifyReply;
}

/** `Prefer: wait=N`: asks notification until a delivery has settled or the time is up. */
@Injectable()
export class DeliveryWait {
  constructor(private readonly commands: CommandClient) {}

  /** The delivery as it is at the end; as it was given while notification cannot be asked. */
  async outcomeOf(
    delivery: NonNullable<Coupon['delivery']>,
    { accountId, seconds, context, reply }: WaitOptions,
  ): Promise<DeliveryView> {
    const found = await pollUntil(
      ({ status }) => settledDeliveryStatuses.includes(status),
      () => this.commands.send(GetDelivery, { accountId, deliveryId: delivery.id }, { context }),
      { ...pauses, seconds, reply },
    );
    return found ? deliveryView(found) : delivery;
  }
}
