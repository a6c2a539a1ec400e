import { Inject, Injectable } from '@nestjs/common';
import {
  addressesOfPerson,
  emailOf,
  GetCard,
  newId,
  personKey,
  phoneOf,
  SearchMembers,
  SendNotice,
  type Enrolment,
  type FoundMember,
  type MessageContext,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { WaitOptions } from '../../api/coupons/delivery-wait';
import { cardUrl } from '../../api/loyalty/loyalty.view';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { CoupontoolsDeliveries, optedOut, type Message } from './deliveries.service';
import { failure, invalidEmail, invalidParameter, invalidPhone, unknownUser } from './faults';

/** What a notice may have. */
const longestText = 1_600;

export interface CardWish {
  accountId: string;
  cardId: string;
  message: Message;
  /** As the caller gave it. */
  address: string;
  subject?: string;
  body?: string;
  wait: WaitOptions;
}

/** Sends members the address of their card, and knows what became of that. */
@Injectable()
export class CoupontoolsCardSending {
  constructor(
    private readonly commands: CommandClient,
    private readonly deliveries: CoupontoolsDeliveries,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  /** Fails with 505 where the card is not there, or no one with this address on it; then as a coupon's message. */
  async send({ accountId, cardId, message, address, subject, body, wait }: CardWish) {
    const { channel } = message;
    const { context } = wait;
    const to = channel === 'sms' ? phoneOf(address) : emailOf(address);
    if (to === null) throw failure(channel === 'sms' ? invalidPhone : invalidEmail);
    const { design, name } = await this.commands.send(
      GetCard,
      { accountId, cardId, withMembers: false },
      { context },
    );
    const enrolment = await this.enrolmentOf(accountId, cardId, to, context);
    await this.deliveries.checkProvider(channel, context);
    const title = design.title ?? name;
    const url = cardUrl(enrolment.token, this.publicUrl);
    const words = body ?? title;
    const text = [words, url].join(channel === 'sms' ? ' ' : '\n\n');
    if (text.length > longestText)
      throw failure(invalidParameter('body', `${longestText - url.length - 2} characters at most.`));
    const delivery = { id: newId('delivery'), channel, status: 'queued' };
    const notice = { accountId, campaignId: null, deliveryId: delivery.id, channel, to, text };
    const { suppressed } = await this.commands.send(
      SendNotice,
      { ...notice, ...(channel === 'email' && { subject: subject ?? title }) },
      { context },
    );
    if (suppressed) throw optedOut(message);
    await this.deliveries.accepted(message, delivery, wait);
    return { user: enrolment.memberId, url, text: words };
  }

  /** A whole address is found among those that hold it. */
  private async enrolmentOf(
    accountId: string,
    cardId: string,
    address: string,
    context: MessageContext,
  ): Promise<Enrolment> {
    const hasIt = ({ member: { phone, email } }: FoundMember): boolean =>
      email === address || (phone !== null && personKey(phone) === personKey(address));
    for (const form of addressesOfPerson(address)) {
      const wish = { accountId, cardId, q: form.slice(0, 200), limit: 500 };
      const { data } = await this.commands.send(SearchMembers, wish, { context });
      const enrolment = data.find(hasIt)?.enrolment;
      if (enrolment) return enrolment;
    }
    throw failure(unknownUser);
  }
}
