/** Elements that say nothing when they are empty. A region that a script fills (`role="status"`) may be. */
const emptyElement = /<(time|dd|dt|title|h[1-6]|li|a|button|label|summary|legend)\b([^>]*)>\s*<\/\1>/g;
/** Attributes that are left out where there is nothing to put into them. */
const emptyAttribute =
  /<(?!input|option)(\w+)\b[^>]*?\s(href|src|srcset|action|alt|datetime|content|aria-label|aria-labelledby|for|id|title)=(""|'')[^>]*>/g;
const pictureWithoutWords = /<img\b(?![^>]*\salt=)[^>]*>/g;
/** What JavaScript writes for a value that is none. */
const noValue = /\[object Object\]|Invalid Date/g;

/** What is empty in a page, or not a value, although a reader or a program would look for something there. */
export function emptyPartsOf(html: string): string[] {
  const text = html.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '');
  const elements = [...text.matchAll(emptyElement)].filter(
    ([, , attributes]) => !/role="status"/.test(attributes),
  );
  return [emptyAttribute, pictureWithoutWords, noValue]
    .flatMap((fault) => [...text.matchAll(fault)])
    .concat(elements)
    .map(([found]) => found);
}

/** Every page that a test is shown goes through this. */
export function expectNothingEmpty(html: string): void {
  const faults = emptyPartsOf(html);
  if (faults.length > 0) throw new Error(`a page has empty parts: ${faults.join(' ')}`);
}
