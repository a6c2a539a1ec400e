/**
 * Numbers of one country that are written in two ways. Only what its numbering plan says of every number: a rule that
 * could make two people one has no place here. Left out for that reason: Côte d'Ivoire (2021) and Gabon (2019), where
 * the digits that were added depend on the operator; Brazil's numbers in 7, which trunked radio keeps at eight digits.
 */
interface Renumbered {
  callingCode: string;
  /** The national number as it was. libphonenumber knows none of them any more. */
  was: RegExp;
  is: string;
}

/** Nothing can be delivered to the old form, so that the new one is kept and written to. */
const renumbered: readonly Renumbered[] = [
  // Mexico, IFT's numbering plan of 3 August 2019: ten digits; 1 (from abroad), 01, 044 and 045 are no longer dialled.
  { callingCode: '52', was: /^(?:1|01|04[45])(\d{10})$/, is: '$1' },
  // Brazil, Anatel's Resolução 553/2010, the last area in November 2016: a 9 before every mobile number.
  { callingCode: '55', was: /^(\d{2})([689]\d{7})$/, is: '$19$2' },
  // Benin, ARCEP, 30 November 2024: 01 before every number.
  { callingCode: '229', was: /^([24-9]\d{7})$/, is: '01$1' },
];

/** The number in E.164 that has taken the place of one that is not valid; null for any other. */
export function renumberedOf(callingCode: string, nationalNumber: string): string | null {
  for (const { callingCode: code, was, is } of renumbered)
    if (code === callingCode && was.test(nationalNumber)) return `+${code}${nationalNumber.replace(was, is)}`;
  return null;
}

/**
 * Argentina: a 9 before the area code marks a mobile number that is called from abroad (libphonenumber's "mobile
 * token"; ITU-T E.164 national plan, +54). Without the 9 it is the same subscriber: area codes (11, 2xx, 3xx) and
 * subscriber numbers together have ten digits, and no mobile number is also somebody's fixed one. Which of the two an
 * SMS needs differs from one provider to the next, so both are valid and each is written to as it was given.
 */
const argentine = /^\+549?((?:11|[23]\d)\d{8})$/;

/** The forms of an E.164 number that reach one subscriber; the first stands for all of them. */
export function formsOf(phone: string): string[] {
  const [, national] = argentine.exec(phone) ?? [];
  return national === undefined ? [phone] : [`+549${national}`, `+54${national}`];
}
