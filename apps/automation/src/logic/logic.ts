import type { FieldError } from '@tearoff/contracts';
import { defaultMethods, LogicEngine } from 'json-logic-engine';
import { pointerPart, referenceOf } from '../references/references';
import { memberOf, Scope } from '../references/scope';
import { exactArithmetic } from './arithmetic';

// Nothing that loops over what it made itself, throws, or reaches a function: what is asked stays about as dear as it is long.
const operators = [
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '!',
  '!!',
  'and',
  'or',
  'if',
  'in',
  '+',
  '-',
  '*',
  '/',
  '%',
  'min',
  'max',
  'cat',
  'some',
  'all',
  'none',
] as const;
const overItems = ['some', 'all', 'none'];
const most = { nodes: 500, depth: 20 };

const methods = defaultMethods as Record<string, unknown>;
const engine = new LogicEngine(
  {
    ...Object.fromEntries(operators.map((name) => [name, methods[name]])),
    ...exactArithmetic(methods),
    var: ([path, otherwise = null]: unknown[], context: unknown) =>
      (typeof path === 'string' ? lookUp(path, context) : null) ?? otherwise,
  },
  { disableInterpretedOptimization: true, disableInline: true },
);

/** In the scope by its roots; of an item of `some`, `all`, `none` by its own members, `""` being the item. */
function lookUp(path: string, context: unknown): unknown {
  if (context instanceof Scope) return context.lookUp(path);
  return path === '' ? context : memberOf(context, path.split('.'));
}

export interface Verdict {
  holds: boolean;
  /** Why it could not be told; it does not hold then. */
  fault: string | null;
}

/** Whether JsonLogic holds; of what cannot be compared or reckoned (`"a" > 1`) it does not. */
export function judge(logic: unknown, scope: Scope): Verdict {
  try {
    const result: unknown = engine.run(withVariables(logic), scope);
    return { holds: Boolean(engine.truthy(result)), fault: null };
  } catch (error) {
    return { holds: false, fault: faultOf(error) };
  }
}

const faultOf = (error: unknown): string =>
  error instanceof Error && error.message !== 'NaN' ? error.message : 'it compares what cannot be compared';

/** `"${params.x}"` as a variable, so that what it stands for is never itself read as logic. */
function withVariables(logic: unknown): unknown {
  if (typeof logic === 'string') {
    const alone = referenceOf(logic);
    return alone === null ? logic : { var: [alone] };
  }
  if (Array.isArray(logic)) return logic.map(withVariables);
  if (typeof logic !== 'object' || logic === null) return logic;
  return Object.fromEntries(Object.entries(logic).map(([name, value]) => [name, withVariables(value)]));
}

/** What is wrong with it, by its path. */
export function logicFaults(logic: unknown, path: string): FieldError[] {
  const faults: FieldError[] = [];
  let nodes = 0;
  const visit = (value: unknown, at: string, depth: number, inItem: boolean): void => {
    if (faults.length > 0) return;
    const fault = (message: string): void => void faults.push({ path: at, message });
    if (++nodes > most.nodes) return fault(`must not have more than ${most.nodes} parts`);
    if (depth > most.depth) return fault(`must not be nested deeper than ${most.depth}`);
    if (Array.isArray(value))
      return value.forEach((item, index) => visit(item, `${at}/${index}`, depth + 1, inItem));
    if (typeof value !== 'object' || value === null) return;
    const names = Object.keys(value);
    if (names.length !== 1) return fault('must have one operator');
    const [name] = names;
    const inside = `${at}/${pointerPart(name)}`;
    const known = name === 'var' || (operators as readonly string[]).includes(name);
    if (!known) return void faults.push({ path: inside, message: 'is not a known operator' });
    const operand = (value as Record<string, unknown>)[name];
    if (name === 'var' && typeof (Array.isArray(operand) ? operand[0] : operand) !== 'string')
      return void faults.push({ path: inside, message: 'must be the name of a value' });
    if (overItems.includes(name) && inItem)
      return void faults.push({ path: inside, message: 'must not be within another some, all or none' });
    visit(operand, inside, depth + 1, inItem || overItems.includes(name));
  };
  visit(logic, path, 0, false);
  return faults;
}

/** The paths of its variables, `var` and `${…}` alike, outside of `some`, `all`, `none`. */
export function variablesIn(logic: unknown, path: string): { path: string; reference: string }[] {
  if (typeof logic === 'string') {
    const alone = referenceOf(logic);
    return alone === null ? [] : [{ path, reference: alone }];
  }
  if (typeof logic !== 'object' || logic === null) return [];
  return Object.entries(logic).flatMap(([name, value]: [string, unknown]) => {
    const inside = `${path}/${pointerPart(name)}`;
    if (name === 'var') return [{ path: inside, reference: String(Array.isArray(value) ? value[0] : value) }];
    if (overItems.includes(name) && Array.isArray(value)) return variablesIn(value[0], `${inside}/0`);
    return variablesIn(value, inside);
  });
}
