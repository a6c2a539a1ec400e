import { en } from './en';
import type { PassTexts } from './pass-texts';
import { texts } from './texts';

function wordsOf({ states, ...plain }: PassTexts): Record<string, string> {
  const named = Object.entries(states).map(([name, text]) => [`states.${name}`, text]);
  return { ...plain, ...(Object.fromEntries(named) as Record<string, string>) };
}

const english = wordsOf(en);

it('has no two English words alike: they are what the other languages are found by', () => {
  const words = Object.values(english);
  expect(new Set(words).size).toBe(words.length);
});

it.each(Object.entries(texts))('says all of it in %s, as Apple’s string files can hold it', (_, language) => {
  const words = wordsOf(language);
  expect(Object.keys(words).toSorted()).toEqual(Object.keys(english).toSorted());
  for (const [name, text] of Object.entries(words)) {
    expect([name, text]).toEqual([name, expect.stringMatching(/^[^"\\\n]*\S[^"\\\n]*$/)]);
    expect([name, text.split('%@').length]).toEqual([name, english[name].split('%@').length]);
  }
});
