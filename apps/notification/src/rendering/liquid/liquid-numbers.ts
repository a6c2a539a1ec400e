import { Decimal } from 'decimal.js';
import { Drop, filters, type Liquid } from 'liquidjs';

type FilterHandler = Extract<Parameters<Liquid['registerFilter']>[1], (...args: never[]) => unknown>;

const Exact = Decimal.clone({ precision: 40 });
type This = ThisParameterType<FilterHandler>;

/** See `wholeDecimal`. */
class WholeDecimal extends Drop {
  constructor(readonly value: number) {
    super();
  }
}

/**
 * A whole number that counts as a decimal one, as `7.0` and `7 | times: 1.0` do: what it divides is not cut off. To
 * templates it is its value: the library would let them reach whatever else a drop has or inherits.
 */
function wholeDecimal(value: number): WholeDecimal {
  const own = new Map<string | symbol, unknown>([
    ['valueOf', () => value],
    ['toJSON', () => value],
    ['liquidMethodMissing', () => undefined],
  ]);
  return new Proxy(new WholeDecimal(value), { get: (_target, name) => own.get(name) });
}

interface Operand {
  value: Decimal;
  whole: boolean;
}

const longestNumber = 400;

/** As Liquid reads numbers: of a text its leading digits, of anything that is no number nought. */
function operandOf(given: unknown): Operand {
  const value: unknown = given instanceof WholeDecimal ? given.valueOf() : given;
  if (typeof value === 'number' && Number.isFinite(value))
    return { value: new Exact(value), whole: value === given && Number.isInteger(value) };
  const text = typeof value === 'string' ? value.slice(0, longestNumber).trim() : '';
  if (/^[+-]?\d+\.\d+$/.test(text)) return { value: new Exact(text), whole: false };
  return { value: new Exact(/^[+-]?\d+/.exec(text)?.[0] ?? 0), whole: true };
}

interface Written {
  input?: string;
  begin?: number;
  args?: { getText?: () => string }[];
}

// `2.0` is the number 2 by the time a filter gets it; how it was written is known only from the template's text.

function argumentOf(filter: This, value: unknown): Operand {
  const operand = operandOf(value);
  const text = (filter.token as Written).args?.[0]?.getText?.() ?? '';
  return { ...operand, whole: operand.whole && !/^-?\d+\.\d+$/.test(text) };
}

function inputOf(filter: This, value: unknown): Operand {
  const operand = operandOf(value);
  const { input = '', begin = 0 } = filter.token as Written;
  const before = input.slice(Math.max(0, begin - longestNumber), begin);
  return { ...operand, whole: operand.whole && !/[\s{=:]-?\d+\.\d+\s*\|\s*$/.test(before) };
}

function resultOf(value: Decimal, whole: boolean): number | WholeDecimal {
  const number = value.toNumber();
  // What a customer reads is a number or nothing is sent.
  if (!Number.isFinite(number)) throw new Error('the number is too large');
  return !whole && Number.isInteger(number) ? wholeDecimal(number) : number;
}

const divisor = ({ value, whole }: Operand): Operand => {
  if (value.isZero()) throw new Error('divided by 0');
  return { value, whole };
};

const of = (
  calculate: (a: Decimal, b: Decimal, whole: boolean) => Decimal,
  checked = (b: Operand) => b,
): FilterHandler =>
  function (left: unknown, right: unknown) {
    const [a, b] = [inputOf(this, left), checked(argumentOf(this, right))];
    const whole = a.whole && b.whole;
    return resultOf(calculate(a.value, b.value, whole), whole);
  };

const alone = (calculate: (a: Decimal) => Decimal, alwaysWhole: boolean): FilterHandler =>
  function (value: unknown) {
    const { value: number, whole } = operandOf(value);
    return resultOf(calculate(number), whole || alwaysWhole);
  };

/**
 * Liquid's arithmetic as Shopify's Liquid has it: decimal, so that 0.1 and 0.2 are 0.3; whole numbers divide as whole
 * numbers, rounded down; a division by nought is an error, for a customer must not read "Infinity" or "NaN". The
 * library's own are JavaScript's.
 */
export const numberFilters: Readonly<Record<string, FilterHandler>> = {
  plus: of((a, b) => a.plus(b)),
  minus: of((a, b) => a.minus(b)),
  times: of((a, b) => a.times(b)),
  divided_by: of((a, b, whole) => (whole ? a.div(b).floor() : a.div(b)), divisor),
  // Of the sign of the divisor.
  modulo: of((a, b) => a.mod(b).plus(b).mod(b), divisor),
  at_least: of((a, b) => Decimal.max(a, b)),
  at_most: of((a, b) => Decimal.min(a, b)),
  abs: alone((a) => a.abs(), false),
  ceil: alone((a) => a.ceil(), true),
  floor: alone((a) => a.floor(), true),
  to_integer: alone((a) => a.trunc(), true),
  round(value: unknown, places: unknown) {
    const [{ value: number, whole }, { value: digits }] = [operandOf(value), operandOf(places)];
    const kept = Math.max(0, Math.min(20, digits.trunc().toNumber()));
    return resultOf(number.toDecimalPlaces(kept, Decimal.ROUND_HALF_UP), whole || kept === 0);
  },
  *sum(list: unknown, property: unknown) {
    const items: unknown = property === undefined ? list : yield pick.call(this, list, property);
    const operands = (Array.isArray(items) ? items : [items]).map(operandOf);
    return resultOf(
      operands.reduce((total, { value }) => total.plus(value), new Exact(0)),
      operands.every(({ whole }) => whole),
    );
  },
};

const pick = filters.map as unknown as (this: This, list: unknown, property: unknown) => unknown;

export function registerNumbers(liquid: Liquid): void {
  for (const [name, handler] of Object.entries(numberFilters)) liquid.registerFilter(name, handler);
}
