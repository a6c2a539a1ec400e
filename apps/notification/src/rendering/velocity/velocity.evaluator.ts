import type { Zone } from '../clock';
import { escapeHtml } from '../html';
import { Budget } from './velocity.budget';
import { methodOf } from './velocity.methods';
import type { Expression, Node, Reference, Step } from './velocity.nodes';
import { operate } from './velocity.operators';
import { toolsIn, type Tool } from './velocity.tools';
import { isMap, isTrue, memberOf, RawHtml, textOf, type Value, type ValueMap } from './velocity.values';

/**
 * One rendering. It walks a parsed template over JSON: members are the data's own, methods are those of a list, and a
 * tool is found by its name alone, so nothing of the process can be reached whatever a template says.
 */
export class Evaluation {
  /** What was named and is not there, as it was written, in the order met. */
  readonly missing = new Set<string>();
  private readonly budget = new Budget();
  private readonly variables = new Map<string, Value>();
  private readonly tools: ReadonlyMap<string, Tool>;

  constructor(
    private readonly data: ValueMap,
    private readonly kind: 'plain' | 'html',
    zone?: Zone,
  ) {
    this.tools = toolsIn(zone);
  }

  render(nodes: readonly Node[]): string {
    const out: string[] = [];
    this.run(nodes, (text) => out.push(this.budget.text(text)), this.kind === 'html');
    return out.join('');
  }

  /** True when it met a #break. */
  private run(nodes: readonly Node[], put: (text: string) => void, escaped: boolean): boolean {
    for (const node of nodes) {
      this.budget.step();
      switch (node.type) {
        case 'text':
          put(node.text);
          break;
        case 'output':
          put(this.printed(node.reference, escaped));
          break;
        case 'set':
          this.variables.set(node.name, this.valueOf(node.value));
          break;
        case 'if': {
          const branch = node.branches.find(({ condition }) => !condition || isTrue(this.valueOf(condition)));
          if (branch && this.run(branch.body, put, escaped)) return true;
          break;
        }
        case 'foreach':
          this.loop(node, put, escaped);
          break;
        case 'break':
          return true;
      }
    }
    return false;
  }

  private loop(
    { name, from, body }: Node & { type: 'foreach' },
    put: (text: string) => void,
    escaped: boolean,
  ): void {
    const over = this.valueOf(from);
    const items = Array.isArray(over) ? over : isMap(over) ? Object.values(over) : [];
    this.budget.items(items.length);
    const names = [name, 'velocityCount', 'foreach'];
    const before = names.map((each) => [each, this.variables.has(each), this.variables.get(each)] as const);
    for (const [index, item] of items.entries()) {
      this.variables.set(name, item);
      this.variables.set('velocityCount', index + 1);
      this.variables.set('foreach', { index, count: index + 1, hasNext: index + 1 < items.length });
      if (this.run(body, put, escaped)) break;
    }
    for (const [each, known, value] of before) {
      if (known) this.variables.set(each, value);
      else this.variables.delete(each);
    }
  }

  private printed(reference: Reference, escaped: boolean): string {
    const value = this.follow(reference);
    if (value === null || value === undefined) {
      this.missing.add(reference.source.replace(/^\$!?\{?|\}$/g, ''));
      const shown = reference.quiet ? '' : reference.source;
      return escaped ? escapeHtml(shown) : shown;
    }
    const text = textOf(value, this.budget);
    return escaped && !(value instanceof RawHtml) ? escapeHtml(text) : text;
  }

  private valueOf(expression: Expression): Value {
    this.budget.step();
    switch (expression.type) {
      case 'reference':
        return this.follow(expression);
      case 'value':
        return expression.value;
      case 'string': {
        const parts: string[] = [];
        this.run(expression.parts, (text) => parts.push(this.budget.text(text)), false);
        return parts.join('');
      }
      case 'list':
        return expression.items.map((item) => this.valueOf(item));
      case 'range':
        return this.range(this.valueOf(expression.from), this.valueOf(expression.to));
      case 'map':
        return Object.fromEntries(expression.entries.map(([key, value]) => [key, this.valueOf(value)]));
      case 'operation':
        return operate(
          expression.operator,
          expression.operands,
          (operand) => this.valueOf(operand),
          this.budget,
        );
    }
  }

  private range(from: Value, to: Value): Value {
    if (!Number.isInteger(from) || !Number.isInteger(to)) return [];
    const [first, last] = [from as number, to as number];
    const step = first <= last ? 1 : -1;
    const length = Math.abs(last - first) + 1;
    this.budget.items(length);
    return Array.from({ length }, (_, index) => first + index * step);
  }

  private follow({ id, path }: Reference): Value {
    const tool = this.variables.has(id) ? undefined : this.tools.get(id);
    if (tool) return this.callTool(tool, path);
    return path.reduce<Value>((value, step) => this.step(value, step), this.root(id));
  }

  private root(id: string): Value {
    if (this.variables.has(id)) return this.variables.get(id);
    return id === 'data' ? this.data : memberOf(this.data, id);
  }

  private callTool(tool: Tool, [call, ...path]: readonly Step[]): Value {
    if (call?.type !== 'method') return undefined;
    const result = tool.get(call.name)?.(
      call.args.map((arg) => this.valueOf(arg)),
      this.budget,
    );
    return path.reduce<Value>((value, step) => this.step(value, step), result);
  }

  private step(value: Value, step: Step): Value {
    this.budget.step();
    if (step.type === 'property') return memberOf(value, step.name);
    if (step.type === 'index') return memberOf(value, this.valueOf(step.at));
    const args = step.args.map((arg) => this.valueOf(arg));
    return methodOf(value, step.name)?.(args, this.budget);
  }
}
