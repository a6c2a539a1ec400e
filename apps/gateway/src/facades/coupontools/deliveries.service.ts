import { Injectable } from '@nestjs/common';
import {
  GetProviders,
  type Channel,
  type Coupon,
  type DomainError,
  type MessageContext,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { DeliveryWait, type WaitOptions } from '../../api/coupons/delivery-wait';
import { failure, type Fault } from './faults';

const notSetUp: Record<Channel, Fault> = {
  sms: {
    code: 103,
    description: "No SMS integration has been setup. Set 'SMS_PROVIDER' to setup a SMS provider.",
  },
  email: {
    code: 104,
    description: "No e-mail integration has been setup. Set 'EMAIL_PROVIDER' to setup an e-mail provider.",
  },
};
const nouns: Record<Channel, string> = { sms: 'SMS', email: 'E-mail' };
const optedOutOf: Record<Channel, string> = {
  sms: 'This number is on the blacklist or opt-out list.',
  email: 'This address is on the blacklist or opt-out list.',
};

/** One message of this façade. `to`: as the answer names the address. */
export interface Message {
  channel: Channel;
  to: string;
}

/** What became of messages, in the vendor's numbers. */
@Injectable()
export class CoupontoolsDeliveries {
  constructor(
    private readonly commands: CommandClient,
    private readonly deliveries: DeliveryWait,
  ) {}

  /** Fails with 103 or 104 where no one carries messages over this channel. */
  async checkProvider(channel: Channel, context: MessageContext): Promise<void> {
    const providers = await this.commands.send(GetProviders, {}, { context });
    if (providers[channel] === null) throw failure(notSetUp[channel]);
  }

  /** Returns when the provider has accepted it; fails with 602 and the reason, or with 605, in every other case. */
  async accepted(message: Message, delivery: Coupon['delivery'], wait: WaitOptions): Promise<void> {
    if (!delivery) throw notSent(message, 'There is no message to this address.');
    const { status, error } = await this.deliveries.outcomeOf(delivery, wait);
    if (status === 'sent' || status === 'delivered') return;
    if (status === 'suppressed') throw optedOut(message);
    const why = error ?? 'no answer from the provider';
    throw notSent(
      message,
      status === 'failed' ? why : `Not accepted yet (${why}); it is tried again, and never sent twice.`,
    );
  }
}

export const notSent = ({ channel, to }: Message, why: string, code = 602): DomainError =>
  failure({ code, description: `${nouns[channel]} not sent to '${to}'. Reason: ${why}` });

export const optedOut = (message: Message): DomainError => notSent(message, optedOutOf[message.channel], 605);
