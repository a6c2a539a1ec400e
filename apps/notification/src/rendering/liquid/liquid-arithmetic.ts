import { decimalOf } from '@tearoff/contracts';
import { filters, type Liquid } from 'liquidjs';

type Decimal = NonNullable<ReturnType<typeof decimalOf>>;
type Filter = (this: unknown, ...args: unknown[]) => unknown;

const operations: Readonly<Record<string, (one: Decimal, other: Decimal) => Decimal>> = {
  plus: (one, other) => one.plus(other),
  minus: (one, other) => one.minus(other),
  times: (one, other) => one.times(other),
  modulo: (one, other) => one.mod(other),
};

/**
 * Liquid's arithmetic in decimal numbers: a message says 435 for 4.35 times 100, not 434.99999999999994. What is no
 * plain decimal number is left to the filters as they are.
 */
export function useExactArithmetic(engine: Liquid): void {
  for (const [name, operation] of Object.entries(operations)) {
    const plain = filters[name as keyof typeof filters] as Filter;
    engine.registerFilter(name, function (this: unknown, ...args: unknown[]): unknown {
      const [one, other] = args.slice(0, 2).map(decimalOf);
      if (!one || !other || (name === 'modulo' && other.isZero())) return plain.apply(this, args);
      const result = operation(one, other).toNumber();
      return Number.isFinite(result) ? result : plain.apply(this, args);
    });
  }
}
