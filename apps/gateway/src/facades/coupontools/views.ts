import type { CampaignView, Coupon } from '@tearoff/contracts';

/** Every answer that is no failure. */
export const ok = <T extends object>(answer: T) => ({ status: { status: 'OK' }, ...answer });

export const flag = (value: boolean): '0' | '1' => (value ? '1' : '0');

/** `2027-05-04 12:30:00`, UTC. */
export const timeOf = (instant: string | null): string | null =>
  instant === null ? null : new Date(instant).toISOString().slice(0, 19).replace('T', ' ');

export const couponUrl = ({ token }: Coupon, publicUrl: string): string => `${publicUrl}/c/${token}`;

/** One code does for all that the vendor has three of: it names the session and is what a till reads. */
export const singleUse = (coupon: Coupon, publicUrl: string) => ({
  single_use_code: coupon.code,
  single_use_url: couponUrl(coupon, publicUrl),
  widget_validation_code: coupon.code,
});

export const campaignInfo = ({ id, name, content, status }: CampaignView, publicUrl: string) => ({
  ID: id,
  code: id,
  name,
  title: content.title ?? '',
  status: status === 'active' ? 'active' : 'inactive',
  url: `${publicUrl}/o/${id}`,
});
