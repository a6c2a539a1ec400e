import type { Zone } from '../clock';
import { dateToolIn } from './date.tool';
import type { Method } from './velocity.methods';
import { numberTool } from './number.tool';
import { numberOf, RawHtml, textOf, type Value } from './velocity.values';

export type Tool = ReadonlyMap<string, Method>;

/** Numbers as numbers or as texts; nothing when one is neither. */
const calculation =
  (calculate: (total: number, next: number) => number): Method =>
  (args) => {
    const numbers = args.map(numberOf);
    if (numbers.length === 0 || numbers.includes(undefined)) return undefined;
    const result = (numbers as number[]).reduce(calculate);
    // 0.1 + 0.2 is to be 0.3 in a letter.
    return Number.isFinite(result) ? Number(result.toPrecision(15)) : undefined;
  };

const mathTool: Tool = new Map([
  ['add', calculation((a, b) => a + b)],
  ['sub', calculation((a, b) => a - b)],
  ['mul', calculation((a, b) => a * b)],
  ['div', calculation((a, b) => a / b)],
]);

const htmlTool: Tool = new Map<string, Method>([
  ['raw', ([value]: Value[], budget) => new RawHtml(textOf(value, budget))],
]);

const others = [
  ['mathTool', mathTool],
  ['numberTool', numberTool],
  ['htmlTool', htmlTool],
] as const;
const made = new Map<Zone, ReadonlyMap<string, Tool>>();

/** What a template may call, besides the methods of its own values; `zone`: in which dates are shown. */
export function toolsIn(zone: Zone): ReadonlyMap<string, Tool> {
  let tools = made.get(zone);
  if (!tools) {
    tools = new Map([...others, ['dateTool', dateToolIn(zone)]]);
    // There are some hundred zones at most.
    made.set(zone, tools);
  }
  return tools;
}
