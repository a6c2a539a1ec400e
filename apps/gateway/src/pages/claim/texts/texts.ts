import type { Language } from '../../coupon/texts/texts';
import type { ClaimTexts } from './claim-texts';
import { de } from './de';
import { en } from './en';
import { es } from './es';
import { fr } from './fr';
import { nl } from './nl';
import { uk } from './uk';

const languages: Record<string, ClaimTexts> = { en, de, es, fr, nl, uk };

/** In a language that the coupon's page speaks too. */
export const claimTextsIn = ({ lang }: Language): ClaimTexts => languages[lang] ?? en;
