/** A text that goes out as it is written, where messages are templates: this vendor's bodies know no placeholders. */
export const plainText = (text: string): string => text.replace(/\{[{%]/g, (opening) => `{{ "${opening}" }}`);
