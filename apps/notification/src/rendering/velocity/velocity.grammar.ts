import { dirname, join } from 'node:path';
import { TemplateFault } from '../faults';

/** What the grammar makes of a piece of a template: text, or a node of its own kinds. */
export type Token = string | RawNode;

export interface RawNode {
  type: string;
  id?: string;
  value?: unknown;
  pos?: { first_line: number; first_column: number };
  [member: string]: unknown;
}

interface ParseError extends Error {
  hash?: { line?: number; loc?: { last_line: number; last_column: number } };
}

/**
 * The grammar of velocityjs alone, which its package does not export. What it does export builds blocks on top, and
 * that copies what follows an unclosed block once more for each, so that twenty `#if(1)` make a million nodes, and
 * drops all that follows a stray `#end`. Nor is its evaluator used: it calls methods of whatever it finds.
 */
const grammar = require(join(dirname(require.resolve('velocityjs')), 'parse', 'index.cjs')) as {
  parse_1(text: string): Token[];
};

/** The tokens of a template, in their order; throws TemplateFault. */
export function tokensOf(text: string): Token[] {
  try {
    return grammar.parse_1(text);
  } catch (error) {
    throw faultOf(error as ParseError, text);
  }
}

function faultOf({ message, hash }: ParseError, text: string): TemplateFault {
  const words = message.split('\n');
  const lexical = /^Lexical error on line (\d+)/.exec(words[0]);
  if (lexical) return new TemplateFault('unexpected text', Number(lexical[1]), words.at(-1)!.length);
  const [, expected, got] = /Expecting (.*), got '(.*)'/.exec(words.at(-1) ?? '') ?? [];
  const reason =
    got === undefined
      ? 'cannot be parsed'
      : got === 'EOF' || got === '1'
        ? 'ends in the middle of a directive or reference'
        : `unexpected ${JSON.stringify(tokenIn(got))}${expected === "'PARENTHESIS'" ? ', "(" expected' : ''}`;
  const { last_line: line, last_column: column } = hash?.loc ?? { last_line: 1, last_column: 0 };
  return new TemplateFault(reason, Math.min(line, text.split('\n').length), column + 1);
}

const shown: Readonly<Record<string, string>> = {
  DOLLAR: '$',
  CLOSE_PARENTHESIS: ')',
  PARENTHESIS: '(',
  VAR_END: '}',
  VAR_BEGIN: '{',
  CLOSE_BRACKET: ']',
  BRACKET: '[',
  COMMA: ',',
  EQUAL: '=',
  DOT: '.',
  CONTENT: 'text',
};
const tokenIn = (name: string): string => shown[name] ?? name.toLowerCase();
