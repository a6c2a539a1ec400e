// Line breaks, tabs and spaces, those of Unicode among them. Not the no-break and the ideographic space: they are text.
const gaps = /[\t-\r \x85\u2028\u2029]+/g;
// Control characters, halves of a surrogate pair, and what turns the direction of the text after it: with that a subject
// can be made to read as another one. The marks U+200E, U+200F and U+061C stay: Hebrew and Arabic put them beside
// punctuation, and they turn no letters.
const unprintable = /(?![\s\x85])[\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text as one line that shows what it says, for subjects and names: what cannot be shown is left out, and each run of
 * spaces and line breaks is one space. A line break in a subject would begin another header.
 */
export const oneLine = (text: string): string => text.replace(unprintable, '').replace(gaps, ' ').trim();

/** The same text without halves of surrogate pairs, which UTF-8 can write only as U+FFFD. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '');

/** The same without what a database's text cannot hold either: a nul character fails the whole statement. */
export const storable = (text: string): string => wellFormed(text).replaceAll('\0', '');
