import type { Language } from '../../coupon/texts/texts';
import type { CardTexts } from './card-texts';
import { de } from './de';
import { en } from './en';
import { es } from './es';
import { fr } from './fr';
import { nl } from './nl';
import { uk } from './uk';

const languages: Record<string, CardTexts> = { en, de, es, fr, nl, uk };

/** In the languages that the coupon's page has. */
export const cardTextsOf = ({ lang }: Language): CardTexts => languages[lang] ?? en;
