const words = {
  stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
  start: ['START', 'YES', 'UNSTOP'],
  help: ['HELP', 'INFO'],
} as const;

export type Keyword = keyof typeof words;

const meanings = new Map<string, Keyword>(
  (Object.keys(words) as Keyword[]).flatMap((keyword) =>
    words[keyword].map((word): [string, Keyword] => [word, keyword]),
  ),
);

/** What they ask for when that is all they wrote, in any case; null for a sentence, whatever words are in it. */
export function keywordOf(text: string): Keyword | null {
  const bare = text.normalize('NFKC').replace(/^[\p{P}\p{Z}\p{C}]+|[\p{P}\p{Z}\p{C}]+$/gu, '');
  return meanings.get(bare.toUpperCase()) ?? null;
}
