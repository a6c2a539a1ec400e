import { gs1CouponAi, symbologyFault, type FieldError } from '@tearoff/contracts';
import { smallestSpace } from './code-format';
import { codeLengthOf, digitCharset, spaceOf, type CodeStyle } from './code-patterns';

/** What is wrong with a campaign's codes, whatever its symbology. `total`: how many coupons at most. */
export function codeFaults(style: CodeStyle, total: number | null): FieldError[] {
  const { codes, barcode } = style;
  if (new Set(codes.charset).size !== codes.charset.length)
    return [{ path: '/codes/charset', message: 'must not name a character twice' }];
  if (codes.source === 'imported') return [];
  const needed = smallestSpace(total ?? 0);
  if (spaceOf(style) >= needed) return [];
  const path = barcode === 'ean13' ? '/codes/prefix' : '/codes/length';
  const message = `with this charset makes fewer than ${needed.toLocaleString('en')} codes: too easy to guess`;
  return [{ path, message }];
}

/**
 * Why the symbology could not carry the codes that the campaign would make. Asked when either is set: a campaign from
 * before this rule can still be paused or renamed.
 */
export function formatFaults({ codes, barcode }: CodeStyle): FieldError[] {
  const faults = [...gs1Faults({ codes, barcode })];
  if (codes.source === 'imported') return faults;
  const { prefix, length, charset } = codes;
  const fault = (name: string, message: string) => faults.push({ path: `/codes/${name}`, message });
  if (barcode === 'ean13' || barcode === 'gs1-8112') {
    if ([...charset].sort().join('') !== digitCharset)
      fault('charset', `must be ${digitCharset}: ${barcode} has digits alone`);
    if (barcode === 'ean13' && !/^\d*$/.test(prefix))
      fault('prefix', 'must be digits: ean13 has digits alone');
    else if (barcode === 'ean13' && prefix.length + length !== 13)
      fault(
        'length',
        `must be ${13 - prefix.length}: with the prefix and the check digit an EAN-13 has 13 digits`,
      );
    if (barcode === 'gs1-8112' && prefix !== '')
      fault('prefix', 'must be empty: codes begin with funderId and offerCode');
    if (barcode === 'gs1-8112' && length > 15)
      fault('length', 'must be 6 to 15, the digits of the serial number');
    return faults;
  }
  const widest = `${prefix}${charset.replace(/\d/g, '')[0] ?? '0'}`.padEnd(prefix.length + length, '0');
  const unfit = symbologyFault(widest, barcode);
  if (unfit) fault('length', `makes codes that the barcode cannot carry: each ${unfit}`);
  if (
    prefix.startsWith(gs1CouponAi) &&
    /^\d+$/.test(prefix + charset) &&
    codeLengthOf({ codes, barcode }) >= 25
  )
    fault('prefix', 'must not begin with 8112: tills would take such codes for GS1 coupon numbers');
  return faults;
}

function gs1Faults({ codes, barcode }: CodeStyle): FieldError[] {
  const names = {
    funderId: 'the 6 to 12 digits of the GS1 Company Prefix',
    offerCode: 'six digits',
  } as const;
  return Object.entries(names).flatMap(([name, what]) => {
    const given = codes[name as keyof typeof names] !== undefined;
    const path = `/codes/${name}`;
    if (given && barcode !== 'gs1-8112') return [{ path, message: 'is only for the barcode gs1-8112' }];
    if (given || barcode !== 'gs1-8112' || codes.source === 'imported') return [];
    return [{ path, message: `is required for the barcode gs1-8112: ${what}` }];
  });
}
