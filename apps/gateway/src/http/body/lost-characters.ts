/** What a text holds that must not reach a customer; to stand after the name of the field. */
export const lostCharacter =
  'holds U+FFFD or a control character in place of a character that was lost before or while the file was read: export it again, as UTF-8';

const lost = /[\ufffd\u0080-\u009f]/;
// A character of UTF-8 that was read byte by byte: its first byte, then one to three that follow.
const suspicious =
  /[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]/;

const windows1252 = new Map(
  [...'€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'].map((character, index) => [character, bytesOf0x80()[index]] as const),
);

function bytesOf0x80(): number[] {
  const unassigned = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
  return Array.from({ length: 32 }, (_, at) => 0x80 + at).filter((byte) => !unassigned.includes(byte));
}

/** `Jörg` of `JÃ¶rg`: UTF-8 that somewhere was read as Windows-1252; null where the text is none. */
export function readTwice(text: string): string | null {
  if (!suspicious.test(text)) return null;
  const bytes: number[] = [];
  for (const character of text) {
    const byte = windows1252.get(character) ?? character.codePointAt(0)!;
    if (byte > 0xff) return null;
    bytes.push(byte);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

/** What is wrong with the text, or null. */
function damageOf(text: string): string | null {
  const meant = readTwice(text);
  if (meant !== null)
    return `is "${text.slice(0, 40)}" where "${meant.slice(0, 40)}" was meant: the file was saved from UTF-8 that was read as Windows-1252`;
  return lost.test(text) ? lostCharacter : null;
}

/** The first text in it that is damaged, by where it stands (`firstName`, `metadata.city`); null = there is none. */
export function damageIn(value: unknown, path = ''): { path: string; message: string } | null {
  if (typeof value === 'string') {
    const message = damageOf(value);
    return message === null ? null : { path, message };
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    const at = path ? `${path}.${name}` : name;
    const damage = damageOf(name) === null ? damageIn(member, at) : { path: at, message: lostCharacter };
    if (damage) return damage;
  }
  return null;
}
