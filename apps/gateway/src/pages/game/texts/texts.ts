import type { Language } from '../../coupon/texts/texts';
import { de } from './de';
import { en } from './en';
import { es } from './es';
import { fr } from './fr';
import type { GameTexts } from './game-texts';
import { nl } from './nl';
import { uk } from './uk';

const languages: Record<string, GameTexts> = { en, de, es, fr, nl, uk };

/** In the languages that the coupon's page has. */
export const gameTextsOf = ({ lang }: Language): GameTexts => languages[lang] ?? en;
