/**
 * A code as people read it aloud: its own groups when it was printed with separators, otherwise a prefix and
 * then groups of three or four characters, as even as they come.
 */
export function codeGroups(code: string, prefix = ''): string[] {
  if (/[\s-]/.test(code)) return code.split(/[\s-]+/).filter(Boolean);
  if (prefix && code.startsWith(prefix) && code.length > prefix.length)
    return [prefix, ...codeGroups(code.slice(prefix.length))];
  const characters = [...code];
  if (characters.length <= 5) return [code];
  const count = Math.ceil(characters.length / 4);
  const groups: string[] = [];
  for (let i = 0, from = 0; i < count; i++) {
    const size = Math.ceil((characters.length - from) / (count - i));
    groups.push(characters.slice(from, from + size).join(''));
    from += size;
  }
  return groups;
}
