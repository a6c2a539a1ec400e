import type { TemplateEngine } from '@tearoff/contracts';
import { LRUCache } from 'lru-cache';
import type { Zone } from './clock';
import { barcodeMark, markAsCode, markAsPicture } from './barcode-mark';
import { TemplateFault } from './faults';
import { textOfHtml } from './html-to-text';
import { oneLine } from './one-line';
import { liquidFault, missingInLiquid, renderLiquid } from './liquid/liquid-text';
import { Evaluation } from './velocity/velocity.evaluator';
import type { Node } from './velocity/velocity.nodes';
import { parseVelocity } from './velocity/velocity.parser';
import type { ValueMap } from './velocity/velocity.values';

/** The texts of one message; null = it has none of that kind. */
export interface Texts {
  subject: string | null;
  body: string | null;
  html: string | null;
}

export interface RenderRequest {
  engine: TemplateEngine;
  texts: Texts;
  /** What each message is told. */
  items: ValueMap[];
  /** In which their dates are shown. */
  zone?: Zone;
  /** Whether to find out what the data lacks. */
  missing?: boolean;
}

/** `text` of a mail that has HTML alone is made of that. `barcode`: the HTML shows one, as `barcodeImage`. */
export type Rendering =
  | {
      ok: true;
      subject: string | null;
      text: string;
      html: string | null;
      missing: string[];
      barcode: boolean;
    }
  | { ok: false; reason: string };

const parsed = new LRUCache<string, Node[]>({ max: 300 });

function nodesOf(text: string): Node[] {
  let nodes = parsed.get(text);
  if (!nodes) parsed.set(text, (nodes = parseVelocity(text)));
  return nodes;
}

/** What is wrong with a text, with line and column; null when nothing is. */
export function faultOf(engine: TemplateEngine, text: string): string | null {
  if (engine === 'liquid') return liquidFault(text);
  try {
    nodesOf(text);
    return null;
  } catch (error) {
    return error instanceof TemplateFault ? error.message : 'is nested too deeply';
  }
}

/** A message for each item; one that cannot be rendered harms no other. */
export function render({ items, ...request }: RenderRequest): Rendering[] {
  return items.map((item) => {
    try {
      return renderOne(request, item);
    } catch (error) {
      return { ok: false, reason: (error as Error).message.slice(0, 500) };
    }
  });
}

function renderOne(
  { engine, texts, zone, missing: wantsMissing = false }: Omit<RenderRequest, 'items'>,
  item: ValueMap,
): Rendering {
  const code = typeof item.code === 'string' && item.code !== '' ? item.code : null;
  const data: ValueMap = { ...item, ...(code !== null && { barcode: barcodeMark }) };
  const missing = new Set<string>();
  const make = (text: string | null, kind: 'plain' | 'html'): string | null => {
    if (text === null) return null;
    if (engine === 'liquid') {
      if (wantsMissing) for (const name of missingInLiquid(text, { ...data, data })) missing.add(name);
      return renderLiquid(text, { ...data, data }, kind, zone);
    }
    const evaluation = new Evaluation(data, kind, zone);
    const result = evaluation.render(nodesOf(text));
    for (const name of evaluation.missing) missing.add(name);
    return result;
  };
  const [subject, body, html] = [
    make(texts.subject, 'plain'),
    make(texts.body, 'plain'),
    make(texts.html, 'html'),
  ];
  const shown = html === null ? null : markAsPicture(html);
  return {
    ok: true,
    subject: subject && oneLine(markAsCode(subject, code ?? '')),
    text: markAsCode(body ?? textOfHtml(html ?? ''), code ?? ''),
    html: shown && shown.html,
    missing: [...missing],
    barcode: shown?.barcode ?? false,
  };
}
