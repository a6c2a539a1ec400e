import type { PassContent } from '../passes/pass-content';
import { en } from '../passes/texts/en';

/** A field as PassKit has it. Labels and our own values are the English words, which each language's strings translate. */
export interface PassField {
  key: string;
  label?: string;
  value: string | number;
  changeMessage?: string;
  dateStyle?: 'PKDateStyleMedium';
  timeStyle?: 'PKDateStyleShort';
}

export interface PassFields {
  header: PassField[];
  primary: PassField[];
  secondary: PassField[];
  auxiliary: PassField[];
  back: PassField[];
}

export function fieldsOf(content: PassContent, message: string | null, development: boolean): PassFields {
  const fields = content.membership ? cardFields(content) : couponFields(content);
  const { description, terms, code } = content;
  fields.back.push(
    ...field('message', en.message, message ?? '', '%@'),
    ...field('description', en.about, description?.trim()),
    ...field('terms', en.terms, terms?.trim()),
    ...(content.state === 'valid' ? field('code', content.membership ? en.number : en.code, code) : []),
    ...(development ? field('development', en.status, en.development) : []),
  );
  return fields;
}

function couponFields({ title, state, to, minimum }: PassContent): PassFields {
  return {
    header: [],
    primary: field('offer', en.offer, title),
    secondary: field('status', en.status, en.states[state], '%@'),
    auxiliary: [
      ...(to ? [{ ...time('until', en.validUntil, to) }] : []),
      ...field('minimum', en.minimum, minimum),
    ],
    back: [],
  };
}

function cardFields({ membership, state }: PassContent): PassFields {
  const { kind, balance, pending, tier, name, rewards, expiring } = membership!;
  const next = rewards.find(({ cost }) => cost > balance);
  const balanceField = field(
    'balance',
    kind === 'stamps' ? en.stamps : en.points,
    balance,
    en.balanceChanged,
  );
  return {
    header: balanceField,
    primary: [],
    secondary: [
      ...field('member', en.member, name),
      // Always there: a change message is told only of a field that was there before.
      ...field('tier', en.tier, tier ?? '–', en.tierChanged),
    ],
    auxiliary: [
      ...field('next', en.next, next && `${next.name} (${next.cost})`),
      ...(state === 'valid' ? [] : field('status', en.status, en.states[state], '%@')),
    ],
    back: [
      ...(pending > 0 ? field('pending', en.pending, pending) : []),
      ...(expiring ? [{ ...time('expiring', en.expiring, new Date(expiring.at)), value: expiring.at }] : []),
      ...field('rewards', en.rewards, rewards.map((reward) => `${reward.cost}: ${reward.name}`).join('\n')),
    ],
  };
}

/** None for a value that is not there; an empty text is a value. */
function field(key: string, label: string, value?: string | number, changeMessage?: string): PassField[] {
  if (value === undefined || (value === '' && key !== 'message')) return [];
  return [{ key, label, value, ...(changeMessage && { changeMessage }) }];
}

const time = (key: string, label: string, at: Date): PassField => ({
  key,
  label,
  value: at.toISOString(),
  dateStyle: 'PKDateStyleMedium',
  timeStyle: 'PKDateStyleShort',
});
