import { normaliseCode } from './code-text';
import { gs1CouponAi, leadingGs1Coupon } from './gs1-coupon';

/** What a till may have meant, as codes are stored: `code` before `other`, which is mostly null. */
export interface CodeReadings {
  code: string;
  alternative: string | null;
}

/** The symbology identifier of ISO/IEC 15424 that a scanner may put in front: `]e0` GS1 DataBar, `]Q3` GS1 QR Code … */
const symbologyIdentifier = /^\]([A-Za-z])([0-9A-Za-z])/;
/** GS1 DataBar and composites, GS1-128, GS1 DataMatrix, GS1 QR Code, GS1 DotCode: their text is application identifiers. */
const gs1Carriers = new Set(['e0', 'e1', 'e2', 'C1', 'd2', 'd5', 'Q3', 'Q5', 'J1', 'J5']);

/** Stands for FNC1 and the group separator (0x1D), however a scanner or its driver spells them. */
const separator = '\u241d';
const spelledSeparator = /<(?:GS|FNC1)>|\{(?:GS|FNC1)\}|\[(?:GS|FNC1)\]|\^\]|\\x1d|\\u001d/gi;

/** Application identifiers of a length of their own, after which no separator stands (GS1 General Specifications). */
const fixedLengths: Readonly<Record<string, number>> = {
  '00': 20,
  ...lengths(['01', '02', '03'], 16),
  '04': 18,
  ...lengths(['11', '12', '13', '14', '15', '16', '17', '18', '19'], 8),
  '20': 4,
  ...lengths(['31', '32', '33', '34', '35', '36'], 10),
  '41': 16,
};

function lengths(identifiers: readonly string[], length: number): Record<string, number> {
  return Object.fromEntries(identifiers.map((identifier) => [identifier, length]));
}

/**
 * The codes that a text from a till can mean, whatever its scanner or its user added: a symbology identifier, the GS1
 * application identifier 8112 plain or in brackets, other elements and separators beside it, spaces, dashes, invisible
 * and full-width characters. A text of digits that begins with 8112 has two readings, for it may be an imported code;
 * the code as it stands goes first.
 */
export function codeReadings(text: string): CodeReadings {
  const exact = normaliseCode(text);
  // Nearly every code. No stored code has one of these brackets.
  if (!/[\](]/.test(exact) && !exact.includes(gs1CouponAi)) return { code: exact, alternative: null };
  const sent = text
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]+/gu, '')
    .replaceAll('\x1d', separator)
    .replace(/^[\s\p{Cc}]+/u, '');
  const [identifier = '', letter, modifier] = symbologyIdentifier.exec(sent) ?? [];
  const body = sent.slice(identifier.length).replace(spelledSeparator, separator);
  const coupon = couponIn(body, gs1Carriers.has(`${letter}${modifier}`));
  if (!identifier)
    return coupon === undefined || coupon === exact
      ? { code: exact, alternative: null }
      : exact.startsWith('(') || exact.startsWith('^')
        ? { code: coupon, alternative: null }
        : { code: exact, alternative: coupon };
  const bare = normaliseCode(body);
  const other = coupon ?? (letter === 'E' ? articleNumberIn(bare, modifier) : undefined);
  if (bare.startsWith('(') && coupon) return { code: coupon, alternative: null };
  return { code: bare, alternative: other === undefined || other === bare ? null : other };
}

/** Every code that the text can mean. */
export function candidateCodes(text: string): string[] {
  const { code, alternative: other } = codeReadings(text);
  return other === null ? [code] : [code, other];
}

/**
 * The coupon number (AI 8112) in a text. Plain digits count only when they are that number and nothing else, unless the
 * symbology says that they are GS1 elements: then what follows is another element whose separator was dropped.
 */
function couponIn(body: string, isGs1: boolean): string | undefined {
  const bracketed = /\(\s*8112\s*\)([^(\u241d]*)/.exec(body);
  if (bracketed) return numberIn(bracketed[1], false);
  let rest = body;
  let elements = isGs1;
  while (rest !== '') {
    if (rest.startsWith(separator)) {
      // A leading FNC1 says that application identifiers follow.
      elements = true;
      rest = rest.slice(1);
    } else if (rest.startsWith(gs1CouponAi))
      return numberIn(rest.slice(gs1CouponAi.length).split(separator)[0], elements);
    else if (!elements) return plainCouponIn(rest);
    else {
      const fixed = fixedLengths[rest.slice(0, 2)];
      const end = fixed ?? rest.indexOf(separator);
      if (end < 0) return undefined;
      rest = rest.slice(end);
    }
  }
  return undefined;
}

/** Typed off the print, `81 12 0012…`, with spaces or dashes anywhere. */
function plainCouponIn(text: string): string | undefined {
  const folded = normaliseCode(text.split(separator)[0]);
  return folded.startsWith(gs1CouponAi) ? numberIn(folded.slice(gs1CouponAi.length), false) : undefined;
}

function numberIn(text: string, moreMayFollow: boolean): string | undefined {
  const digits = normaliseCode(text);
  const number = leadingGs1Coupon(digits);
  return number !== undefined && (moreMayFollow || number.length === digits.length) ? number : undefined;
}

/** EAN-13 is sent with its add-on under `]E3`, and UPC-A as an EAN-13 with a zero in front under `]E0`. */
function articleNumberIn(digits: string, modifier: string): string | undefined {
  if (modifier === '3' && /^\d{15}(\d{3})?$/.test(digits)) return digits.slice(0, 13);
  return modifier === '0' && /^0\d{12}$/.test(digits) ? digits.slice(1) : undefined;
}
