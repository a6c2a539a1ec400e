import type { Language } from '../coupon/texts/texts';
import { dayWords } from '../coupon/time.words';
import type { LiveCard } from './live-card';
import type { CardTexts, Counted } from './texts/card-texts';
import { cardTextsOf } from './texts/texts';

/** One line of the history: "+1", "Collected", "21 November 2025". */
export interface Line {
  amount: string;
  what: string;
  day: string;
}

/** A reward that points buy. */
export interface RewardWords {
  name: string;
  points: number;
  cost: string;
  cue: string;
  reached: boolean;
}

/** The card in words of one language. */
export interface CardWords {
  title: string;
  balance: string;
  tier: string | null;
  pending: string | null;
  debt: string | null;
  expiring: string | null;
  rewards: RewardWords[];
  lines: Line[];
}

export function wordsOf({ card, enrolment, entries }: LiveCard, language: Language): CardWords {
  const texts = cardTextsOf(language);
  const { locale } = language;
  const { balance, pending, debt = 0, tier, expiring } = enrolment;
  const amount = (count: number): string => counted(count, texts[card.kind], locale);
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: card.timezone });
  return {
    title: card.design.title?.trim() || texts.yourCard,
    balance: amount(balance),
    tier: tier === null ? null : texts.tier(tier),
    pending: pending > 0 ? texts.pending(amount(pending)) : null,
    debt: debt > 0 ? texts.debt(amount(debt)) : null,
    expiring: expiring && expiryWords(expiring, amount, card.timezone, texts, locale),
    rewards: [...card.rewards]
      .sort((a, b) => a.cost - b.cost)
      .map(({ name, cost }) => ({
        name,
        points: cost,
        cost: amount(cost),
        reached: balance >= cost,
        cue: balance >= cost ? texts.reached : texts.toGo(amount(cost - balance)),
      })),
    lines: entries.map(({ kind, amount: moved, at }) => ({
      amount: signed.format(moved),
      what: texts[kind],
      day: day.format(new Date(at)),
    })),
  };
}

/** "3 points", as the language counts. */
export function counted(count: number, forms: Counted, locale: string): string {
  const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
  return form.replace('#', new Intl.NumberFormat(locale).format(count));
}

function expiryWords(
  { points, at }: { points: number; at: string },
  amount: (count: number) => string,
  zone: string,
  texts: CardTexts,
  locale: string,
): string {
  // The end of a day is written as the first moment of the next.
  const lastMoment = new Date(Date.parse(at) - 1);
  return texts.expiring(amount(points), dayWords(lastMoment, zone, locale));
}
