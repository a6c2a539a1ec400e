import type { CampaignSettings } from './campaign.settings';

type Json = Record<string, unknown>;

// Members whose null is a value ("no bound", "none"), not an absence.
const nullable = new Set([
  '/discount',
  '/validity/startsAt',
  '/validity/endsAt',
  '/validity/daysAfterIssue',
  '/codes/lowStock',
  '/codes/topUp',
  '/limits/total',
  '/limits/perRecipient',
  '/redemption/minBasket',
  '/redemption/hours',
  '/messages/quietHours',
  '/claim/perHour',
  '/game',
]);

/** The settings after a merge patch (RFC 7396): what was removed takes its default, as if never said. */
export function patched(settings: CampaignSettings, patch: Json): unknown {
  return merge(settings, patch, '');
}

function merge(target: unknown, patch: Json, path: string): Json {
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    const here = `${path}/${name}`;
    if (value === null && !nullable.has(here)) delete result[name];
    else result[name] = isObject(value) ? merge(result[name], value, here) : value;
  }
  return result;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
