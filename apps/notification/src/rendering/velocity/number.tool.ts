import type { Tool } from './velocity.tools';
import { numberOf, type Value } from './velocity.values';

/** `#,##0.00` as Java reads it: whether thousands are grouped, and how many decimals there are at least and at most. */
function decimalFormat(pattern: string): Intl.NumberFormat | undefined {
  const match = /^(#?,?#*0*)(?:\.(0*)(#*))?$/.exec(pattern);
  if (!match || pattern === '' || pattern.length > 30) return undefined;
  const [, whole, always = '', perhaps = ''] = match;
  return new Intl.NumberFormat('en-US', {
    useGrouping: whole.includes(','),
    minimumIntegerDigits: Math.max(1, /0*$/.exec(whole)![0].length),
    minimumFractionDigits: always.length,
    maximumFractionDigits: always.length + perhaps.length,
  });
}

const named: Readonly<Record<string, Intl.NumberFormat>> = {
  integer: new Intl.NumberFormat('en-US', { maximumFractionDigits: 0, useGrouping: false }),
  number: new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 }),
  percent: new Intl.NumberFormat('en-US', { style: 'percent' }),
};

const formatOf = (name: Value): Intl.NumberFormat | undefined => {
  if (typeof name !== 'string') return undefined;
  return Object.hasOwn(named, name) ? named[name] : decimalFormat(name);
};

/** `integer(n)` cuts decimals off; `format(pattern, n)`: `#,##0.00`, `integer`, `number` or `percent`. */
export const numberTool: Tool = new Map([
  [
    'integer',
    ([value]: Value[]): Value => {
      const number = numberOf(value);
      return number === undefined ? undefined : Math.trunc(number);
    },
  ],
  [
    'format',
    ([first, second]: Value[]): Value => {
      // Either order is met in the wild; with one argument it is the number.
      const [format, value] =
        second === undefined ? ['number', first] : formatOf(first) ? [first, second] : [second, first];
      const number = numberOf(value);
      return number === undefined ? undefined : formatOf(format)?.format(number);
    },
  ],
]);
