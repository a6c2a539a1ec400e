/** A template as it is evaluated: nothing of the parser's is left in it, and nothing that is not listed here. */
export type Node =
  | { type: 'text'; text: string }
  | { type: 'output'; reference: Reference }
  | { type: 'set'; name: string; value: Expression }
  | { type: 'if'; branches: Branch[] }
  | { type: 'foreach'; name: string; from: Expression; body: Node[] }
  | { type: 'break' };

/** `condition` is null of `#else`. */
export interface Branch {
  condition: Expression | null;
  body: Node[];
}

export type Expression =
  | Reference
  | { type: 'value'; value: string | number | boolean | null }
  | { type: 'string'; parts: Node[] }
  | { type: 'list'; items: Expression[] }
  | { type: 'range'; from: Expression; to: Expression }
  | { type: 'map'; entries: [key: string, value: Expression][] }
  | { type: 'operation'; operator: Operator; operands: Expression[] };

export interface Reference {
  type: 'reference';
  id: string;
  path: Step[];
  /** `$!`: nothing is printed where there is nothing. */
  quiet: boolean;
  /** As it was written. */
  source: string;
}

export type Step =
  | { type: 'property'; name: string }
  | { type: 'index'; at: Expression }
  | { type: 'method'; name: string; args: Expression[] };

export const operators = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '&&',
  '||',
  '>',
  '<',
  '>=',
  '<=',
  '==',
  '!=',
  'minus',
  'not',
  'parenthesis',
] as const;
export type Operator = (typeof operators)[number];
