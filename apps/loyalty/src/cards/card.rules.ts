import {
  isCurrency,
  isReservedEvent,
  reservedEventMessage,
  symbologyFault,
  type CardDesign,
  type CardInput,
  type EarningRule,
  type FieldError,
} from '@tearoff/contracts';
import { IANAZone } from 'luxon';
import { newCardNumber } from '../enrolments/card-number';

/** What is wrong with a card that is well-formed. `knownRewards`: ids that were made for it before. */
export function ruleFaults(input: CardInput, knownRewards: ReadonlySet<string>): FieldError[] {
  return [
    ...(input.name.trim() ? [] : [{ path: '/name', message: 'must not be blank' }]),
    ...(input.timezone === undefined || IANAZone.isValidZone(input.timezone)
      ? []
      : [{ path: '/timezone', message: 'must be an IANA time zone such as Europe/Paris' }]),
    ...(input.earning ?? []).flatMap((rule, index) => earningFaults(rule, `/earning/${index}`)),
    ...rewardFaults(input, knownRewards),
    ...tierFaults(input),
    ...expiryFaults(input),
  ];
}

/** Why the card's barcode could not carry the number of a member. Asked when it is set. */
export function barcodeFaults({ barcode }: CardDesign): FieldError[] {
  const fault = barcode === undefined ? null : symbologyFault(newCardNumber(), barcode);
  if (fault === null) return [];
  return [{ path: '/design/barcode', message: 'cannot carry the numbers of cards, which have 16 digits' }];
}

function earningFaults(rule: EarningRule, path: string): FieldError[] {
  if (rule.on === 'amount' && !isCurrency(rule.currency))
    return [{ path: `${path}/currency`, message: 'must be an ISO 4217 currency code' }];
  if (rule.on === 'event' && isReservedEvent(rule.event))
    return [{ path: `${path}/event`, message: `must be an event of your own. ${reservedEventMessage}` }];
  return [];
}

function rewardFaults({ rewards = [] }: CardInput, known: ReadonlySet<string>): FieldError[] {
  const seen = new Set<string>();
  return rewards.flatMap(({ id, name }, index) => {
    const faults: FieldError[] = [];
    if (!name.trim()) faults.push({ path: `/rewards/${index}/name`, message: 'must not be blank' });
    if (id !== undefined && !known.has(id))
      faults.push({ path: `/rewards/${index}/id`, message: 'is not a reward of this card' });
    if (id !== undefined && seen.has(id))
      faults.push({ path: `/rewards/${index}/id`, message: 'is used twice' });
    if (id !== undefined) seen.add(id);
    return faults;
  });
}

function tierFaults({ tiers }: CardInput): FieldError[] {
  const levels = tiers?.levels ?? [];
  return levels.flatMap(({ name, from, multiplier = 1 }, index) => {
    const path = `/tiers/levels/${index}`;
    const earlier = levels.slice(0, index);
    return [
      ...(earlier.some((level) => level.name === name)
        ? [{ path: `${path}/name`, message: 'is used twice' }]
        : []),
      ...(earlier.some((level) => level.from >= from)
        ? [{ path: `${path}/from`, message: 'must be above the level before' }]
        : []),
      // Not the schema's `multipleOf`, by whose arithmetic 1.1 is no multiple of 0.01.
      ...(Number(multiplier.toFixed(2)) === multiplier
        ? []
        : [{ path: `${path}/multiplier`, message: 'must have two decimals at most' }]),
    ];
  });
}

function expiryFaults({ expiry, pendingDays = 0 }: CardInput): FieldError[] {
  if (!expiry || pendingDays < expiry.days) return [];
  return [{ path: '/pendingDays', message: 'must be below expiry.days, or nothing could ever be spent' }];
}
