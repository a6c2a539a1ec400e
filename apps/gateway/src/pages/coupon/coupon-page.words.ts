import type { CouponPageView } from './coupon-page';
import { discountWords, minimumWords } from './discount.words';
import type { Language } from './texts/texts';
import {
  daysBetween,
  dayWords,
  inDays,
  momentWords,
  wholeLastDay,
  weekdayWords,
  zoneWords,
} from './time.words';

/** What is said where a valid coupon shows its code: a headline and one or two sentences. */
export interface Notice {
  headline: string;
  sentences: string[];
}

/** The face in words of one language. */
export interface CouponPageWords {
  title: string;
  /** Null when the title says it already. */
  discount: string | null;
  /** Null while the coupon is valid. */
  notice: Notice | null;
  validity: string | null;
  /** "Ends tomorrow", in its last week. */
  hurry: string | null;
  conditions: string[];
  zone: string | null;
}

const urgentDays = 7;

export function wordsOf(face: CouponPageView, { texts, locale }: Language, now: Date): CouponPageWords {
  const zone = face.timezone;
  const discount = discountWords(face.discount, texts, locale);
  const title = face.content.title?.trim() || discount || texts.yourCoupon;
  const open = face.state === 'valid' || face.state === 'early' || face.state === 'paused';
  const daysLeft = face.to && daysBetween(now, wholeLastDay(face.to, zone) ?? face.to, zone);
  const hours = open && face.rules.hours ? face.rules.hours : null;
  const notice = noticeOf(face, { texts, locale }, now);
  const endsInADay = face.to !== null && wholeLastDay(face.to, zone) === null;
  // A zone is told where an hour is told.
  const clock =
    hours !== null ||
    face.state === 'redeemed' ||
    face.state === 'early' ||
    ((open || face.state === 'expired') && endsInADay);
  return {
    title,
    discount: discount && !sameWords(title, discount) ? discount : null,
    notice,
    validity: open ? validityWords(face, { texts, locale }) : null,
    hurry:
      face.state === 'valid' && daysLeft !== null && daysLeft >= 0 && daysLeft < urgentDays
        ? texts.ends(inDays(daysLeft, locale))
        : null,
    conditions: open ? conditionsOf(face, { texts, locale }) : [],
    zone: clock ? texts.zone(zoneName(now, zone, locale)) : null,
  };
}

function noticeOf(face: CouponPageView, { texts, locale }: Omit<Language, 'lang'>, now: Date): Notice | null {
  const zone = face.timezone;
  switch (face.state) {
    case 'valid':
      return null;
    case 'redeemed': {
      const moment = face.redeemedAt && texts.redeemedOn(momentWords(face.redeemedAt, zone, locale));
      const place = face.place ? texts.redeemedAt(face.place) : face.online ? texts.redeemedOnline : null;
      return { headline: texts.redeemed, sentences: [moment, place].filter((words) => words !== null) };
    }
    case 'voided':
      return { headline: texts.voided, sentences: [texts.voidedSays] };
    case 'ended':
      return { headline: texts.ended, sentences: [texts.endedSays] };
    case 'paused':
      return { headline: texts.paused, sentences: [texts.pausedSays] };
    case 'early':
      return {
        headline: texts.early,
        sentences: [texts.earlySays(momentWords(face.from, zone, locale)), texts.earlyHint],
      };
    case 'expired': {
      const end = face.to ?? now;
      const day = wholeLastDay(end, zone);
      const says = day
        ? texts.expiredThrough(dayWords(day, zone, locale))
        : texts.expiredAt(momentWords(end, zone, locale));
      return { headline: texts.expired, sentences: [says] };
    }
  }
}

function validityWords(face: CouponPageView, { texts, locale }: Omit<Language, 'lang'>): string {
  if (!face.to) return texts.validForever;
  const day = wholeLastDay(face.to, face.timezone);
  return day
    ? texts.validThrough(dayWords(day, face.timezone, locale))
    : texts.validUntil(momentWords(face.to, face.timezone, locale));
}

function conditionsOf(face: CouponPageView, { texts, locale }: Omit<Language, 'lang'>): string[] {
  const { rules } = face;
  const channel = rules.channels?.length === 1 ? rules.channels[0] : null;
  const days = rules.weekdays?.length && rules.weekdays.length < 7 ? rules.weekdays : null;
  return [
    minimumWords(face.minimum, texts, locale),
    channel === 'store' ? texts.inStoreOnly : channel === 'online' ? texts.onlineOnly : null,
    rules.storeIds?.length ? texts.boundedStores : null,
    days && texts.onDays(weekdayWords(days, locale)),
    rules.hours ? texts.atHours(rules.hours.from, rules.hours.to) : null,
  ].filter((words) => words !== null);
}

function zoneName(now: Date, zone: string, locale: string): string {
  return /^(Etc\/)?(UTC|GMT|UCT|Zulu)$/i.test(zone) ? 'UTC' : zoneWords(now, zone, locale);
}

function sameWords(title: string, discount: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s\u00a0\u202f]+/g, '');
  return plain(title).includes(plain(discount));
}
