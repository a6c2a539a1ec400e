import { de } from './de';
import { en } from './en';
import { es } from './es';
import { fr } from './fr';
import { nl } from './nl';
import type { PassTexts } from './pass-texts';
import { uk } from './uk';

export const texts = { en, de, es, fr, nl, uk } as const satisfies Record<string, PassTexts>;
export type Language = keyof typeof texts;

/** The language of a BCP 47 tag that we have texts in; English otherwise. */
export function languageOf(tag: string | null | undefined): Language {
  const language = tag?.split(/[-_]/)[0].toLowerCase() ?? '';
  return Object.hasOwn(texts, language) ? (language as Language) : 'en';
}
