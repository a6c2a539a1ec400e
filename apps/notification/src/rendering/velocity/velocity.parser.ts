import { TemplateFault } from '../faults';
import { ExpressionReader, placeOf, unsupported, type Place } from './velocity.expressions';
import { tokensOf, type RawNode, type Token } from './velocity.grammar';
import type { Branch, Node } from './velocity.nodes';
import { meaningfulTokens } from './velocity.tokens';

const deepest = 50;
const start: Place = { line: 1, column: 1 };

/** A block that is not closed yet; `body` is what is being filled. */
interface Open {
  what: string;
  place: Place;
  body: Node[];
  /** Of an `#if`. */
  branches?: Branch[];
}

/** A template ready to be evaluated; throws TemplateFault at the first thing that is wrong with it. */
export const parseVelocity = (text: string): Node[] => nodesOf(text, start, 0);

function nodesOf(text: string, place: Place, level: number): Node[] {
  if (level > 3) throw new TemplateFault('is nested too deeply', place.line, place.column);
  const within = level > 0 ? place : null;
  return new BlockReader(within, new ExpressionReader((inner, at) => nodesOf(inner, at, level + 1))).read(
    tokensOf(text),
  );
}

class BlockReader {
  private readonly root: Node[] = [];
  private readonly open: Open[] = [];

  /** `within`: where the text in quotes stands that this is about, whose own positions say nothing. */
  constructor(
    private readonly within: Place | null,
    private readonly expressions: ExpressionReader,
  ) {}

  read(tokens: readonly Token[]): Node[] {
    meaningfulTokens(tokens).forEach((token) => {
      if (typeof token === 'string') this.text(token);
      else this.node(token, this.within ?? placeOf(token, start));
    });
    const unclosed = this.open.at(-1);
    if (unclosed)
      throw new TemplateFault(`${unclosed.what} has no #end`, unclosed.place.line, unclosed.place.column);
    return this.root;
  }

  private get body(): Node[] {
    return this.open.at(-1)?.body ?? this.root;
  }

  private text(text: string): void {
    const last = this.body.at(-1);
    if (last?.type === 'text') last.text += text;
    else if (text !== '') this.body.push({ type: 'text', text });
  }

  private node(raw: RawNode, place: Place): void {
    const read = (expression: unknown) => this.expressions.read(expression as RawNode, place);
    switch (raw.type) {
      case 'comment':
        return;
      case 'raw':
        return this.text(String(raw.value));
      case 'references':
        this.body.push({ type: 'output', reference: this.expressions.reference(raw, place) });
        return;
      case 'set':
        this.set(raw.equal as [RawNode, RawNode], place);
        return;
      case 'if':
        return this.begin({ what: '#if', place, body: [], branches: [] }, read(raw.condition));
      case 'elseif':
        return this.branch('#elseif', place, read(raw.condition));
      case 'else':
        return this.branch('#else', place, null);
      case 'foreach': {
        const body: Node[] = [];
        this.body.push({ type: 'foreach', name: String(raw.to), from: read(raw.from), body });
        return this.enter({ what: '#foreach', place, body });
      }
      case 'break':
        if (!this.open.some(({ what }) => what === '#foreach'))
          throw new TemplateFault('#break is in no #foreach', place.line, place.column);
        this.body.push({ type: 'break' });
        return;
      case 'end':
        if (!this.open.pop()) throw new TemplateFault('#end closes nothing', place.line, place.column);
        return;
    }
    throw unsupported(`#${raw.type === 'macro_call' ? raw.id : raw.type}`, place);
  }

  private set([to, value]: [RawNode, RawNode], place: Place): void {
    if (to.path || to.args !== undefined) throw unsupported('#set of anything but a variable', place);
    this.body.push({ type: 'set', name: String(to.id), value: this.expressions.read(value, place) });
  }

  private begin(block: Open & { branches: Branch[] }, condition: Branch['condition']): void {
    const { branches, body } = block;
    branches.push({ condition, body });
    this.body.push({ type: 'if', branches });
    this.enter(block);
  }

  private enter(block: Open): void {
    if (this.open.push(block) > deepest)
      throw new TemplateFault('is nested too deeply', block.place.line, block.place.column);
  }

  private branch(what: string, { line, column }: Place, condition: Branch['condition']): void {
    const block = this.open.at(-1);
    if (!block?.branches) throw new TemplateFault(`${what} belongs to no #if`, line, column);
    if (block.branches.at(-1)!.condition === null)
      throw new TemplateFault(`${what} follows an #else`, line, column);
    block.body = [];
    block.branches.push({ condition, body: block.body });
  }
}
