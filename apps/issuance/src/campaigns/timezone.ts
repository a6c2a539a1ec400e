import { IANAZone } from 'luxon';

export const isTimezone = (name: string): boolean => IANAZone.isValidZone(name);

/**
 * The name as the tz database spells it: `europe/kyiv` is Europe/Kyiv. Intl spells only the names it prefers
 * (Europe/Kiev), and puts those in place of the others; a name that was chosen is kept.
 */
export function canonicalTimezone(name: string): string {
  if (!isTimezone(name)) return name;
  const preferred = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  const lower = name.toLowerCase();
  return preferred.toLowerCase() === lower ? preferred : lower.replace(/[a-z]+\d?[a-z]*/g, spelled);
}

const odd = new Map(
  ['of', 'es', 'au', 'IN', 'McMurdo', 'DumontDUrville', 'DeNoronha', 'EasterIsland', 'BajaNorte', 'BajaSur']
    .concat('ComodRivadavia')
    .map((word) => [word.toLowerCase(), word]),
);
const capitals =
  /^(us|gb|nz|prc|ro[ck]|u[tc]c|gmt\d?|[ehm]st|[cemw]et|nsw|act|lhi|[a-z]+\d[a-z]+|w|su|chat)$/;

const spelled = (word: string): string =>
  odd.get(word) ?? (capitals.test(word) ? word.toUpperCase() : word[0].toUpperCase() + word.slice(1));
