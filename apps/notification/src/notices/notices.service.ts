import { Injectable } from '@nestjs/common';
import { conflict, type ReplyOf, type RequestOf, type SendNotice } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { DeliveriesService } from '../deliveries/deliveries.service';
import { DeliveryEntity } from '../deliveries/delivery.entity';
import { renderNotice } from '../messages/notice.renderer';
import { SuppressionsService } from '../suppressions/suppressions.service';
import { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';

/** Messages that carry no coupon: deliveries like any other, so all that is promised of those holds for them. */
@Injectable()
export class NoticesService {
  constructor(
    private readonly outbox: Outbox,
    private readonly deliveries: DeliveriesService,
    private readonly suppressions: SuppressionsService,
    private readonly links: UnsubscribeLinks,
  ) {}

  /** The same delivery again = the one that was written, whatever its text now. */
  send(request: RequestOf<typeof SendNotice>): Promise<ReplyOf<typeof SendNotice>> {
    const { accountId, campaignId, deliveryId: id, channel, to, subject, text } = request;
    const address = { accountId, channel, address: to };
    return this.outbox.transaction(async (tx) => {
      const suppressed = await this.suppressions.among(tx, [address]);
      await this.deliveries.write(tx, [
        {
          ...renderNotice(channel, { subject, text }, this.links.urlOf(address)),
          ...address,
          id,
          couponId: null,
          campaignId,
          status: suppressed.has(accountId, channel, to) ? 'suppressed' : 'queued',
          error: null,
          reply: null,
          bulk: false,
          dueAt: null,
        },
      ]);
      const stands = await tx.getRepository(DeliveryEntity).findOneByOrFail({ id });
      if (stands.accountId !== accountId)
        throw conflict('delivery.exists', 'This delivery id has been used for another message.');
      return { suppressed: stands.status === 'suppressed' };
    });
  }
}
