import { isCurrency, type FieldError } from '@tearoff/contracts';
import { isSupportedCountry } from 'libphonenumber-js/max';
import { codeFaults } from '../codes/code-rules';
import { lastInstant } from '../recipients/calendar';
import type { CampaignSettings } from './campaign.settings';
import { isTimezone } from './timezone';

/** What is wrong with settings that are well-formed. */
export function ruleFaults(settings: CampaignSettings): FieldError[] {
  return [
    ...nameFaults(settings),
    ...timeFaults(settings),
    ...discountFaults(settings.discount, '/discount'),
    ...settings.offers.flatMap((offer, index) =>
      discountFaults(offer.discount ?? null, `/offers/${index}/discount`),
    ),
    ...offerFaults(settings),
    ...codeFaults(settings, settings.limits.total),
    ...hoursFaults(settings),
    ...quietHoursFaults(settings),
    ...gameFaults(settings),
    ...claimFaults(settings),
  ];
}

const nameFaults = ({ name }: CampaignSettings): FieldError[] =>
  name.trim() ? [] : [{ path: '/name', message: 'must not be blank' }];

function timeFaults({ timezone, validity }: CampaignSettings): FieldError[] {
  const faults: FieldError[] = [];
  if (!isTimezone(timezone))
    faults.push({ path: '/timezone', message: 'must be an IANA time zone such as Europe/Paris' });
  const { startsAt, endsAt } = validity;
  for (const [name, instant] of Object.entries({ startsAt, endsAt }))
    if (instant && !isInRange(instant))
      faults.push({ path: `/validity/${name}`, message: 'must be from 1970-01-01 to 9999-12-31, in UTC' });
  if (startsAt && endsAt && Date.parse(endsAt) <= Date.parse(startsAt))
    faults.push({ path: '/validity/endsAt', message: 'must be after startsAt' });
  return faults;
}

function isInRange(instant: string): boolean {
  const time = Date.parse(instant);
  return time >= 0 && time <= lastInstant;
}

function discountFaults(discount: CampaignSettings['discount'], path: string): FieldError[] {
  if (!discount) return [];
  const { kind, value, currency } = discount;
  if (currency !== undefined && !isCurrency(currency))
    return [{ path: `${path}/currency`, message: 'must be an ISO 4217 currency code' }];
  if (kind !== 'percent' && kind !== 'amount') return [];
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

function offerFaults({ type, offers }: CampaignSettings): FieldError[] {
  if (type !== 'direct' && offers.length === 0)
    return [{ path: '/offers', message: `must not be empty for ${type}` }];
  const seen = new Set<string>();
  return offers.flatMap(({ id }, index) => {
    const fault = seen.has(id) ? [{ path: `/offers/${index}/id`, message: 'is used twice' }] : [];
    seen.add(id);
    return fault;
  });
}

function hoursFaults({ redemption: { hours } }: CampaignSettings): FieldError[] {
  if (!hours) return [];
  if (hours.to.startsWith('24') && hours.to !== '24:00')
    return [{ path: '/redemption/hours/to', message: 'must not be later than 24:00' }];
  return hours.from === hours.to ? [{ path: '/redemption/hours/to', message: 'must differ from from' }] : [];
}

function quietHoursFaults({ messages: { quietHours } }: CampaignSettings): FieldError[] {
  if (!quietHours || quietHours.from !== quietHours.to) return [];
  return [{ path: '/messages/quietHours/to', message: 'must differ from from' }];
}

function gameFaults({ type, game }: CampaignSettings): FieldError[] {
  if (type === 'game' && !game) return [{ path: '/game', message: 'is required for game' }];
  if (type !== 'game' && game) return [{ path: '/game', message: `is not for ${type}` }];
  return [];
}

/** A public form that would write to any number in the world is what those who sell SMS traffic look for. */
function claimFaults({ claim }: CampaignSettings): FieldError[] {
  const bySms = (claim.channel ?? 'sms') === 'sms';
  const named = [
    ...(claim.country === undefined ? [] : [{ path: '/claim/country', country: claim.country }]),
    ...(claim.countries ?? []).map((country, index) => ({ path: `/claim/countries/${index}`, country })),
  ];
  return [
    ...(claim.public && bySms && claim.country === undefined
      ? [{ path: '/claim/country', message: 'is required for public claims by SMS' }]
      : []),
    ...named
      .filter(({ country }) => !isSupportedCountry(country))
      .map(({ path }) => ({ path, message: 'must be an ISO 3166-1 code of a country with phone numbers' })),
  ];
}
