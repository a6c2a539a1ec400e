import { Liquid, type Template } from 'liquidjs';
import { LRUCache } from 'lru-cache';

/**
 * A marketer writes these templates, so they are kept from files (`templates: {}` is all there is to include),
 * from prototypes, and from eating the worker: length to parse, milliseconds and objects to render.
 */
const limits = {
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 200_000,
  renderLimit: 200,
  memoryLimit: 2_000_000,
} as const;

const plain = new Liquid(limits);
const html = new Liquid({ ...limits, outputEscape: 'escape' });

// A campaign's texts are the same for each of its coupons: parsed once.
const parsed = {
  plain: new LRUCache<string, Template[]>({ max: 500 }),
  html: new LRUCache<string, Template[]>({ max: 500 }),
};

/** Renders a Liquid template; unknown variables are empty, anything else that is wrong throws. */
export function renderLiquid(template: string, variables: object, kind: 'plain' | 'html' = 'plain'): string {
  const engine = kind === 'html' ? html : plain;
  let parts = parsed[kind].get(template);
  if (!parts) parsed[kind].set(template, (parts = engine.parse(template)));
  return String(engine.renderSync(parts, variables));
}
