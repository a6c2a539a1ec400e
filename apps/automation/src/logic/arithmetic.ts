import { parseDecimal } from '@tearoff/contracts';

type Operator = (data: unknown) => unknown;
type Decimal = NonNullable<ReturnType<typeof parseDecimal>>;

const operations: Readonly<Record<string, (one: Decimal, other: Decimal) => Decimal>> = {
  '+': (one, other) => one.plus(other),
  '-': (one, other) => one.minus(other),
  '*': (one, other) => one.times(other),
  '/': (one, other) => one.div(other),
  '%': (one, other) => one.mod(other),
};

/**
 * JsonLogic's arithmetic in decimal numbers, in which 4.35 times 100 is 435. What it says of nothing, of null and of
 * division by 0 stays; a text that is no plain decimal number ("0x10", "2,5", "") cannot be reckoned with.
 */
export function exactArithmetic(methods: Readonly<Record<string, unknown>>): Record<string, Operator> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      exact(methods[name] as Operator, operation),
    ]),
  );
}

function exact(plain: Operator, operation: (one: Decimal, other: Decimal) => Decimal): Operator {
  return (data) => {
    const operands = (Array.isArray(data) ? data : [data]).map(numberOf);
    // The engine's own way to say that something is no number.
    // oxlint-disable-next-line typescript/only-throw-error
    if (operands.includes(null)) throw NaN;
    const result = plain(data);
    return operands.length < 2 ? result : (operands as Decimal[]).reduce(operation).toNumber();
  };
}

function numberOf(value: unknown): Decimal | null {
  if (typeof value === 'string' || typeof value === 'number') return parseDecimal(value);
  if (value === null || value === undefined) return parseDecimal(0);
  if (typeof value === 'boolean') return parseDecimal(value ? 1 : 0);
  return null;
}
