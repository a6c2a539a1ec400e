/** Text that is HTML already. Everything else is escaped when it is put into a template. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
// Control characters are not allowed in HTML, not even escaped; tab and the line ends are.
// oxlint-disable-next-line no-control-regex
const special = /[&<>"'\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

export function escapeHtml(text: string): string {
  return text.replace(special, (character) => entities[character] ?? '');
}

const flat = new WeakMap<TemplateStringsArray, string[]>();

/** The template's own text without the indentation that only our source needs; once for each template. */
function textOf(strings: TemplateStringsArray): string[] {
  let text = flat.get(strings);
  if (!text) flat.set(strings, (text = strings.map((part) => part.replace(/\n\s*/g, '\n'))));
  return text;
}

/** ``html`<p title="${a}">${b}</p>` ``: values are escaped, null and false vanish. Quote every attribute. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  const parts = textOf(strings);
  let text = parts[0];
  for (let i = 0; i < values.length; i++) text += render(values[i]) + parts[i + 1];
  return new Html(text);
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (Array.isArray(content)) return content.map(render).join('');
  return escapeHtml(String(content));
}
