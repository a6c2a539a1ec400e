import type { Channel, DeliveryStatus } from '@tearoff/contracts';
import type { CampaignProjection } from '../campaigns/campaign.entity';
import type { ReplyKind } from './delivery.entity';
import type { RenderedMessage } from '../messages/message.renderer';
import { mayWriteFrom } from '../quiet-hours/may-write';
import type { MessagePayload } from '../messages/message.variables';
import type { Barcode } from '../rendering/barcode';

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
  /** That its HTML shows. */
  barcode: Barcode | null;
  /** See `DeliveryEntity.reply`. */
  reply: ReplyKind | null;
  bulk: boolean;
  /** Null = at once. */
  dueAt: Date | null;
}

/** A letter that is to be sent; `none` and letters without a delivery are not. */
export type SendablePayload = MessagePayload & { channel: Channel; deliveryId: string };

export const isSendable = (payload: MessagePayload): payload is SendablePayload =>
  payload.channel !== 'none' && payload.deliveryId !== null;

/** Where the letter goes; null when the recipient has no address of that kind. */
export const addressOf = ({ channel, recipient }: SendablePayload): string | null =>
  (channel === 'sms' ? recipient.phone : recipient.email) ?? null;

/** The letter as a delivery. */
export function newDelivery(
  payload: SendablePayload,
  campaign: CampaignProjection,
  message: RenderedMessage,
  isSuppressed: (accountId: string, channel: Channel, address: string) => boolean,
  bulk: boolean,
): NewDelivery {
  const { channel, accountId, couponId, campaignId, deliveryId: id } = payload;
  const address = addressOf(payload);
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
