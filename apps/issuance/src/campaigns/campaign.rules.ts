import type { FieldError } from '@tearoff/contracts';
import { IANAZone } from 'luxon';
import { codeSpace, smallestSpace } from '../codes/code-format';
import type { CampaignSettings } from './campaign.settings';

/** What is wrong with settings that are well-formed. */
export function ruleFaults(settings: CampaignSettings): FieldError[] {
  return [
    ...timeFaults(settings),
    ...discountFaults(settings.discount, '/discount'),
    ...settings.offers.flatMap((offer, index) =>
      discountFaults(offer.discount ?? null, `/offers/${index}/discount`),
    ),
    ...offerFaults(settings),
    ...codeFaults(settings),
    ...hoursFaults(settings),
  ];
}

function timeFaults({ timezone, validity: { startsAt, endsAt } }: CampaignSettings): FieldError[] {
  const faults: FieldError[] = [];
  if (!IANAZone.isValidZone(timezone))
    faults.push({ path: '/timezone', message: 'must be an IANA time zone such as Europe/Paris' });
  if (startsAt && endsAt && Date.parse(endsAt) <= Date.parse(startsAt))
    faults.push({ path: '/validity/endsAt', message: 'must be after startsAt' });
  return faults;
}

function discountFaults(discount: CampaignSettings['discount'], path: string): FieldError[] {
  if (discount?.kind !== 'percent' && discount?.kind !== 'amount') return [];
  const { kind, value, currency } = discount;
  if (value === undefined) return [{ path: `${path}/value`, message: `is required for ${kind}` }];
  if (kind === 'percent')
    return value > 100 ? [{ path: `${path}/value`, message: 'must not be more than 100 percent' }] : [];
  return [
    ...(Number.isInteger(value)
      ? []
      : [{ path: `${path}/value`, message: 'must be an integer of minor units' }]),
    ...(currency ? [] : [{ path: `${path}/currency`, message: 'is required for amount' }]),
  ];
}

function offerFaults({ offers }: CampaignSettings): FieldError[] {
  const seen = new Set<string>();
  return offers.flatMap(({ id }, index) => {
    const fault = seen.has(id) ? [{ path: `/offers/${index}/id`, message: 'is used twice' }] : [];
    seen.add(id);
    return fault;
  });
}

function codeFaults({ codes, limits }: CampaignSettings): FieldError[] {
  if (new Set(codes.charset).size !== codes.charset.length)
    return [{ path: '/codes/charset', message: 'must not name a character twice' }];
  if (codes.source === 'imported') return [];
  const needed = smallestSpace(limits.total ?? 0);
  if (codeSpace(codes) >= needed) return [];
  const message = `with this charset makes fewer than ${needed.toLocaleString('en')} codes: too easy to guess`;
  return [{ path: '/codes/length', message }];
}

function hoursFaults({ redemption: { hours } }: CampaignSettings): FieldError[] {
  if (!hours) return [];
  if (hours.to.startsWith('24') && hours.to !== '24:00')
    return [{ path: '/redemption/hours/to', message: 'must not be later than 24:00' }];
  return hours.from === hours.to ? [{ path: '/redemption/hours/to', message: 'must differ from from' }] : [];
}
