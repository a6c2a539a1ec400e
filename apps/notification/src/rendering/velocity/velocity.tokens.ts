import type { RawNode, Token } from './velocity.grammar';

const directives = new Set(['set', 'if', 'elseif', 'else', 'end', 'foreach', 'break', 'comment']);

/**
 * The grammar's tokens as a template means them: text in one piece, no hyphens at the end of a reference, and without the
 * comment marks that hide a directive from an HTML editor, nor the line's end after a directive.
 */
export function meaningfulTokens(tokens: readonly Token[]): Token[] {
  const result = inOnePiece(tokens.flatMap(withoutHyphens));
  result.forEach((token, at) => {
    if (typeof token === 'string' || !directives.has(token.type)) return;
    const [before, after] = [result[at - 1], result[at + 1]];
    if (typeof before === 'string' && typeof after === 'string') {
      const opening = before.trimEnd();
      const closing = after.trimStart();
      // Either both go or none: what is left of a pair would hide the rest of the letter.
      if (opening.endsWith('<!--') && closing.startsWith('-->')) {
        result[at - 1] = opening.slice(0, -'<!--'.length);
        result[at + 1] = closing.slice('-->'.length);
      }
    }
    const next = result[at + 1];
    if (typeof next === 'string') result[at + 1] = next.replace(/^[ \t]*\r?\n/, '');
  });
  return result;
}

/** After a reference the grammar gives a `<` alone, so `<!--` comes in two texts. */
function inOnePiece(tokens: readonly Token[]): Token[] {
  const result: Token[] = [];
  let parts: string[] = [];
  const flush = (): void => {
    if (parts.length > 0) result.push(parts.join(''));
    parts = [];
  };
  for (const token of tokens) {
    if (typeof token === 'string') parts.push(token);
    else {
      flush();
      result.push(token);
    }
  }
  flush();
  return result;
}

/** As in Velocity 2: `$a-$b` is two references with a hyphen between, and `$a-->` ends a comment. */
function withoutHyphens(token: Token): Token[] {
  if (typeof token === 'string' || token.type !== 'references' || token.isWraped) return [token];
  const path = token.path as RawNode[] | undefined;
  const last = path?.at(-1) ?? token;
  if (typeof last.id !== 'string' || (path && last.type !== 'property')) return [token];
  const id = last.id.replace(/-+$/, '');
  if (id === last.id || id === '') return [token];
  const hyphens = last.id.slice(id.length);
  return [path ? { ...token, path: [...path.slice(0, -1), { ...last, id }] } : { ...token, id }, hyphens];
}
