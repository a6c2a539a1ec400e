import { Helper } from 'velocityjs';
import { TemplateFault } from '../faults';
import type { RawNode } from './velocity.grammar';
import {
  operators,
  type Expression,
  type Node,
  type Operator,
  type Reference,
  type Step,
} from './velocity.nodes';

/** Where something stands, for what is said of it. */
export interface Place {
  line: number;
  column: number;
}

export const placeOf = (raw: RawNode, outer: Place): Place =>
  raw.pos ? { line: raw.pos.first_line, column: raw.pos.first_column + 1 } : outer;

const deepest = 100;

/** The grammar's expressions as ours. `textNodes`: what a text in double quotes holds. */
export class ExpressionReader {
  private depth = 0;

  constructor(private readonly textNodes: (text: string, place: Place) => Node[]) {}

  read(raw: RawNode, place: Place): Expression {
    if (++this.depth > deepest) throw new TemplateFault('is nested too deeply', place.line, place.column);
    try {
      return this.expression(raw, place);
    } finally {
      this.depth -= 1;
    }
  }

  reference(raw: RawNode, place: Place): Reference {
    if (raw.args !== undefined) throw unsupported(`a call of $${raw.id}`, place);
    return {
      type: 'reference',
      id: String(raw.id),
      path: ((raw.path as RawNode[] | undefined) ?? []).map((step) => this.step(step, place)),
      quiet: String(raw.leader).startsWith('$!'),
      source: Helper.getRefText(raw as unknown as Parameters<typeof Helper.getRefText>[0]),
    };
  }

  private expression(raw: RawNode, place: Place): Expression {
    const all = (list: unknown): Expression[] => (list as RawNode[]).map((item) => this.read(item, place));
    switch (raw.type) {
      case 'references':
        return this.reference(raw, place);
      case 'string':
        return this.string(String(raw.value), raw.isEval === true, place);
      case 'integer':
      case 'decimal':
        return { type: 'value', value: Number(raw.value) };
      case 'bool':
        return { type: 'value', value: raw.value === 'null' ? null : raw.value === 'true' };
      case 'array':
        if (!raw.isRange) return { type: 'list', items: all(raw.value) };
        return this.range(raw.value as unknown[], place);
      case 'map':
        return {
          type: 'map',
          entries: Object.entries((raw.value ?? {}) as Record<string, RawNode>).map(([key, value]) => [
            key,
            this.read(value, place),
          ]),
        };
      case 'math':
        if (operators.includes(raw.operator as Operator))
          return { type: 'operation', operator: raw.operator as Operator, operands: all(raw.expression) };
    }
    throw unsupported(`"${raw.type}" in an expression`, place);
  }

  private string(text: string, filled: boolean, place: Place): Expression {
    if (!filled || !/[$#]/.test(text)) return { type: 'value', value: text };
    return { type: 'string', parts: this.textNodes(text, place) };
  }

  private range(ends: unknown[], place: Place): Expression {
    const [from, to] = ends.map((end): Expression =>
      typeof end === 'object' ? this.read(end as RawNode, place) : { type: 'value', value: Number(end) },
    );
    return { type: 'range', from, to };
  }

  private step(raw: RawNode, place: Place): Step {
    if (raw.type === 'property') return { type: 'property', name: String(raw.id) };
    if (raw.type === 'index') return { type: 'index', at: this.read(raw.id as unknown as RawNode, place) };
    if (raw.type !== 'method') throw unsupported(`".${raw.id}"`, place);
    const args = (raw.args || []) as RawNode[];
    return { type: 'method', name: String(raw.id), args: args.map((arg) => this.read(arg, place)) };
  }
}

export const unsupported = (what: string, { line, column }: Place): TemplateFault =>
  new TemplateFault(`${what} is not supported`, line, column);
