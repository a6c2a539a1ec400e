import { de } from './de';
import { en } from './en';
import { es } from './es';
import type { CouponPageTexts } from './coupon-page-texts';
import { fr } from './fr';
import { nl } from './nl';
import { uk } from './uk';

export interface Language {
  lang: string;
  /** What dates and numbers are written in: the language with the reader's country where we know it. */
  locale: string;
  texts: CouponPageTexts;
}

const languages: Record<string, CouponPageTexts> = { en, de, es, fr, nl, uk };

/** The first wish that we can meet; English otherwise. Wishes are BCP 47 tags, an Accept-Language list or nothing. */
export function languageOf(...wishes: (string | undefined)[]): Language {
  for (const wish of wishes) {
    for (const tag of wishesIn(wish)) {
      const lang = tag.split('-')[0].toLowerCase();
      const texts = languages[lang];
      if (texts && Object.hasOwn(languages, lang)) return { lang, locale: localeOf(tag, lang), texts };
    }
  }
  return { lang: 'en', locale: 'en-GB', texts: en };
}

function wishesIn(list: string | undefined): string[] {
  return (list ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';');
      const quality = Number(/^\s*q=([\d.]+)\s*$/.exec(rest.join(';'))?.[1] ?? 1);
      return { tag: tag.trim().replaceAll('_', '-'), quality };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/** Bare English is written the way that most of its readers can not misread: day, month in letters, 24 hours. */
function localeOf(tag: string, lang: string): string {
  const fallback = lang === 'en' ? 'en-GB' : lang;
  const country = /^[a-z]{2}-([a-z]{2})$/i.exec(tag)?.[1];
  return country ? `${lang}-${country.toUpperCase()}` : fallback;
}
