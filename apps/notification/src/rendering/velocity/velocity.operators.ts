import type { Budget } from './velocity.budget';
import type { Expression, Operator } from './velocity.nodes';
import { isEqual, isTrue, numberOf, textOf, type Value } from './velocity.values';

type Operands = [left: Value, right: Value];

const calculate: Partial<Record<Operator, (a: number, b: number) => number>> = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** Below, at or above zero as the left is against the right; nothing when they cannot be compared. */
function order([left, right]: Operands): number | undefined {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a - b;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}

const compare: Partial<Record<Operator, (order: number) => boolean>> = {
  '>': (difference) => difference > 0,
  '<': (difference) => difference < 0,
  '>=': (difference) => difference >= 0,
  '<=': (difference) => difference <= 0,
};

/** `valueOf` is asked for a second operand only where the first does not decide. */
export function operate(
  operator: Operator,
  operands: readonly Expression[],
  valueOf: (operand: Expression) => Value,
  budget: Budget,
): Value {
  const left = valueOf(operands[0]);
  if (operator === 'parenthesis') return left;
  if (operator === 'not') return !isTrue(left);
  if (operator === 'minus') return negative(numberOf(left));
  if (operator === '&&') return isTrue(left) && isTrue(valueOf(operands[1]));
  if (operator === '||') return isTrue(left) || isTrue(valueOf(operands[1]));
  const both: Operands = [left, valueOf(operands[1])];
  if (operator === '==') return isEqual(...both);
  if (operator === '!=') return !isEqual(...both);
  const comparison = compare[operator];
  if (comparison) {
    const difference = order(both);
    return difference !== undefined && comparison(difference);
  }
  return operator === '+' ? sum(both, budget) : result(both, calculate[operator]!);
}

const negative = (number: number | undefined): Value => (number === undefined ? undefined : -number);

function result([left, right]: Operands, calculation: (a: number, b: number) => number): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const number = calculation(a, b);
  return Number.isFinite(number) ? number : undefined;
}

/** Numbers are added, texts joined. */
function sum([left, right]: Operands, budget: Budget): Value {
  if (typeof left === 'number' && typeof right === 'number') return result([left, right], (a, b) => a + b);
  if ((left ?? null) === null || (right ?? null) === null) return undefined;
  return budget.text(textOf(left, budget) + textOf(right, budget));
}
