import { Liquid, type LiquidOptions, type Template } from 'liquidjs';
import { LRUCache } from 'lru-cache';
import { useExactArithmetic } from './liquid-arithmetic';

/**
 * A marketer writes these templates, so they are kept from files (the tags that read one do not exist), from
 * prototypes, and from eating the worker: length to parse, milliseconds and objects to render.
 */
const limits = {
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 200_000,
  renderLimit: 200,
  memoryLimit: 2_000_000,
} as const;

const plain = engine();
const html = engine({ outputEscape: 'escape' });

// A campaign's texts are the same for each of its coupons: parsed once.
const parsed = {
  plain: new LRUCache<string, Template[]>({ max: 500 }),
  html: new LRUCache<string, Template[]>({ max: 500 }),
};

/** Renders a Liquid template; unknown variables are empty, anything else that is wrong throws. */
export function renderLiquid(template: string, variables: object, kind: 'plain' | 'html' = 'plain'): string {
  return String((kind === 'html' ? html : plain).renderSync(partsOf(template, kind), variables));
}

function partsOf(template: string, kind: 'plain' | 'html'): Template[] {
  let parts = parsed[kind].get(template);
  if (!parts) parsed[kind].set(template, (parts = (kind === 'html' ? html : plain).parse(template)));
  return parts;
}

/** Why a template cannot be parsed, in the parser's words; null when it can. */
export function liquidFault(template: string): string | null {
  try {
    plain.parse(template);
    return null;
  } catch (error) {
    return (error as Error).message.slice(0, 500);
  }
}

/** What the template names, whether it comes to it or not, and the data lacks. */
export function missingInLiquid(template: string, data: object): string[] {
  const named = plain.globalVariableSegmentsSync(partsOf(template, 'plain'));
  return named.filter((path) => isMissing(path, data)).map((path) => path.join('.'));
}

function isMissing(path: readonly unknown[], data: object): boolean {
  let value: unknown = data;
  for (const name of path) {
    // A variable's value in brackets is not known from reading; `size` and its like are no members.
    if (Array.isArray(name) || ['size', 'first', 'last'].includes(String(name))) return false;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, String(name))) return true;
    value = (value as Record<string, unknown>)[String(name)];
  }
  return value === null || value === undefined;
}

function engine(options: LiquidOptions = {}): Liquid {
  const made = new Liquid({ ...limits, ...options });
  for (const tag of ['include', 'render', 'layout']) delete made.tags[tag];
  useExactArithmetic(made);
  return made;
}
