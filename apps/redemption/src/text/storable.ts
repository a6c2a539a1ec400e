import { invalid } from '@tearoff/contracts';

// What JSON may say and PostgreSQL's text cannot hold: U+0000 and half a surrogate pair. `JSON.stringify`
// writes both as escapes; an even number of backslashes before one is a backslash that somebody meant.
const unstorableEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]..)/;

/** Whether PostgreSQL can keep this text. */
export const isStorable = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

/** The same of a JSON text made by `JSON.stringify`. */
export const isStorableJson = (json: string): boolean => !unstorableEscape.test(json);

export const unstorable = () =>
  invalid('request.invalid_characters', 'Text must be well-formed Unicode without U+0000.');

/** Throws `request.invalid_characters` when any text inside cannot be kept. */
export function refuseUnstorable(value: unknown): void {
  if (!isStorableJson(JSON.stringify(value))) throw unstorable();
}
