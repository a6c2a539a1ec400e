import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { GetDelivery, settledDeliveryStatuses, type Coupon, type MessageContext } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply } from 'fastify';
import { deliveryView, type DeliveryView } from './coupon.view';

const firstPauseMs = 20;
const longestPauseMs = 200;

export interface WaitOptions {
  accountId: string;
  seconds: number;
  context: MessageContext;
  /** Its connection closing ends the wait: nobody is there to be told. */
  reply: FastifyReply;
}

/** `Prefer: wait=N`: asks notification, less and less often, until a delivery has settled or the time is up. */
@Injectable()
export class DeliveryWait {
  constructor(private readonly commands: CommandClient) {}

  /** The delivery as it is at the end; as it was given while notification cannot be asked. */
  async outcomeOf(
    delivery: NonNullable<Coupon['delivery']>,
    { accountId, seconds, context, reply }: WaitOptions,
  ): Promise<DeliveryView> {
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    reply.raw.once('close', onClose);
    const deadline = performance.now() + seconds * 1_000;
    let latest: DeliveryView = delivery;
    try {
      for (let wait = firstPauseMs; ; wait = Math.min(longestPauseMs, wait * 1.5)) {
        const request = { accountId, deliveryId: delivery.id };
        const found = await this.commands.send(GetDelivery, request, { context }).catch(() => null);
        if (found) latest = deliveryView(found);
        if (found && settledDeliveryStatuses.includes(found.status)) return latest;
        const left = deadline - performance.now();
        if (left <= 0) return latest;
        await pause(Math.min(wait, left), undefined, { signal: gone.signal });
      }
    } catch (error) {
      if (gone.signal.aborted) return latest;
      throw error;
    } finally {
      reply.raw.off('close', onClose);
    }
  }
}
