import type { Channel, DeliveryStatus } from '@tearoff/contracts';
import type { CampaignProjection } from '../campaigns/campaign.entity';
import type { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import type { ReplyKind } from './delivery.entity';
import { renderMessage } from '../messages/message.renderer';
import { mayWriteFrom } from '../quiet-hours/may-write';
import type { Letter } from '../messages/message.variables';

/** A delivery about to be written. */
export interface NewDelivery {
  id: string;
  accountId: string;
  couponId: string | null;
  campaignId: string | null;
  channel: Channel;
  address: string;
  status: DeliveryStatus;
  error: string | null;
  warning: string | null;
  segments: number | null;
  subject: string | null;
  text: string;
  html: string | null;
  /** See `DeliveryEntity.reply`. */
  reply: ReplyKind | null;
  bulk: boolean;
  /** Null = at once. */
  dueAt: Date | null;
}

/** A letter that is to be sent; `none` and letters without a delivery are not. */
export type SendableLetter = Letter & { channel: Channel; deliveryId: string };

export const isSendable = (letter: Letter): letter is SendableLetter =>
  letter.channel !== 'none' && letter.deliveryId !== null;

/** The letter as a delivery, its message rendered as the campaign stands now. */
export function newDelivery(
  letter: SendableLetter,
  campaign: CampaignProjection,
  publicUrl: string,
  links: UnsubscribeLinks,
  isSuppressed: (accountId: string, channel: Channel, address: string) => boolean,
  bulk: boolean,
): NewDelivery {
  const { channel, accountId, couponId, campaignId, deliveryId: id } = letter;
  const address = channel === 'sms' ? letter.recipient.phone : letter.recipient.email;
  const message = renderMessage(channel, letter, campaign, `${publicUrl}/c/${letter.token}`, () =>
    links.urlOf({ accountId, channel, address: address ?? '' }),
  );
  const common = {
    id,
    accountId,
    couponId,
    campaignId,
    channel,
    address: address ?? '',
    reply: null,
    bulk,
    ...message,
  };
  if (!address)
    return { ...common, status: 'failed', error: `the recipient has no address for ${channel}`, dueAt: null };
  return {
    ...common,
    status: isSuppressed(accountId, channel, address) ? 'suppressed' : 'queued',
    error: null,
    dueAt: bulk
      ? mayWriteFrom({
          channel,
          address,
          quietHours: campaign.messages.quietHours,
          timezone: campaign.timezone,
        })
      : null,
  };
}
