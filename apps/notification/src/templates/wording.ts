import type { Channel, FieldError, TemplateVariants, TemplateContent } from '@tearoff/contracts';
import type { Texts } from '../rendering/render';

/** The part of a template that says what it says. */
export interface Worded extends Texts {
  variants: TemplateVariants;
}

/** The variant of that language, else of its primary one (`de` for `de-AT`), else the template's own words. */
export function textsIn(template: Worded, languageCode: string | undefined): Texts {
  const variant = variantOf(template.variants, languageCode);
  const { subject, body, html } = template;
  if (!variant) return { subject, body, html };
  // Text and HTML go together: half a mail in another language helps no one.
  const own = variant.body !== undefined || variant.html !== undefined;
  return {
    subject: variant.subject ?? subject,
    body: own ? (variant.body ?? null) : body,
    html: own ? (variant.html ?? null) : html,
  };
}

function variantOf(variants: TemplateVariants, languageCode = ''): TemplateContent | undefined {
  const wanted = languageCode.replaceAll('_', '-').toLowerCase();
  const find = (code: string) => Object.entries(variants).find(([each]) => each.toLowerCase() === code)?.[1];
  return find(wanted) ?? find(wanted.split('-')[0]);
}

/** What a message of that channel has too much or too little of. */
export function wordingFaults(channel: Channel, template: Worded): FieldError[] {
  const { subject, body, html, variants } = template;
  const has = (text: string | null | undefined): boolean => (text ?? '').trim() !== '';
  const faults: FieldError[] = [];
  const fault = (path: string, message: string) => faults.push({ path, message });
  if (channel === 'sms') {
    if (!has(body)) fault('/body', 'is required');
    for (const [at, { subject: own, html: rich }] of [
      ['', template],
      ...Object.entries(variants).map(([code, variant]) => [`/variants/${code}`, variant] as const),
    ] as const) {
      if (has(own)) fault(`${at}/subject`, 'an SMS has none');
      if (has(rich)) fault(`${at}/html`, 'an SMS has none');
    }
    return faults;
  }
  if (!has(subject)) fault('/subject', 'is required');
  if (!has(body) && !has(html)) fault('/html', 'is required, unless there is a body');
  return faults;
}

/** Every text of a template, with its path. */
export function textsOf(template: Worded): { path: string; text: string }[] {
  const of = (wording: { [name in keyof Texts]?: string | null }, at: string) =>
    (['subject', 'body', 'html'] as const).flatMap((name) => {
      const text = wording[name];
      return typeof text === 'string' ? [{ path: `${at}/${name}`, text }] : [];
    });
  return [
    ...of(template, ''),
    ...Object.entries(template.variants).flatMap(([code, variant]) => of(variant, `/variants/${code}`)),
  ];
}
