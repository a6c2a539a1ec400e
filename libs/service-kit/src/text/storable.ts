import { Injectable, type PipeTransform } from '@nestjs/common';
import { invalid, type DomainError } from '@tearoff/contracts';

// PostgreSQL's text and jsonb hold neither U+0000 nor an unpaired surrogate. `JSON.stringify` writes both as escapes;
// after an even number of backslashes `\u0000` is an escape, after an odd number it is text.
const unstorableText = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const unstorableEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]..)/;
const unpairedSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Whether PostgreSQL can store every text in the value, names of members included. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !unstorableText.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => !unstorableText.test(name) && isStorable(member));
}

/** The same for a JSON text that `JSON.stringify` wrote. */
export const isStorableJson = (json: string): boolean => !unstorableEscape.test(json);

export const unstorableCharacters = (): DomainError =>
  invalid('request.invalid_characters', 'Text must be well-formed Unicode without U+0000.');

/** Fails with `request.invalid_characters` when PostgreSQL cannot store a text in the value. */
export function assertStorable(value: unknown): void {
  if (!isStorableJson(JSON.stringify(value))) throw unstorableCharacters();
}

/** The value as PostgreSQL can store it: without U+0000, with U+FFFD for each unpaired surrogate. */
export function toStorable<T>(value: T): T {
  const json = JSON.stringify(value) as string | undefined;
  return json === undefined || isStorableJson(json) ? value : (replaced(value) as T);
}

/** The same as a JSON text; `null` for undefined. */
export function toStorableJson(value: unknown): string {
  const json = JSON.stringify(value ?? null);
  return isStorableJson(json) ? json : JSON.stringify(replaced(JSON.parse(json)));
}

export const toStorableText = (text: string): string =>
  text.replaceAll('\0', '').replace(unpairedSurrogate, '\ufffd');

function replaced(value: unknown): unknown {
  if (typeof value === 'string') return toStorableText(value);
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [toStorableText(name), replaced(member)]),
  );
}

/** A command's request as PostgreSQL can store it. */
@Injectable()
export class StorablePipe implements PipeTransform {
  transform(value: unknown): unknown {
    return toStorable(value);
  }
}
