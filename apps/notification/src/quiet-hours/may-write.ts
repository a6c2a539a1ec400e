import type { CampaignMessages, Channel } from '@tearoff/contracts';
import { quietUntil } from './quiet-hours';
import { zoneOfPhone } from '@tearoff/service-kit';

/** What decides when a list's delivery may go. */
export interface Addressee {
  channel: Channel;
  address: string;
  /** Of the campaign as it stands. */
  quietHours: CampaignMessages['quietHours'];
  timezone: string;
}

/** The instant before which they must not be written to; null when they may be now. */
export function mayWriteFrom(
  { channel, address, quietHours, timezone }: Addressee,
  at = new Date(),
): Date | null {
  if (!quietHours) return null;
  const zone = channel === 'sms' ? zoneOfPhone(address, at) : null;
  return quietUntil(quietHours, zone ?? timezone, at);
}
