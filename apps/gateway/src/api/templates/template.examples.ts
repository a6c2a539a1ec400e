import { exampleIds } from '../../http/openapi/example-ids';
import type { Example } from '../../http/openapi/operation.decorator';

export const templateExamples: Record<string, Example> = {
  sms: {
    summary: 'An SMS in Velocity, in two languages',
    value: {
      name: 'Promo code',
      channel: 'sms',
      body: "Your code is $!data.get('code')#if($days), $days days left#end",
      variants: { de: { body: "Ihr Code ist $!data.get('code')" } },
    },
  },
  email: {
    summary: 'An e-mail in Liquid, with the code as a barcode',
    value: {
      name: 'Abandoned cart',
      channel: 'email',
      engine: 'liquid',
      subject: '{{ firstName }}, you forgot something',
      html: '<h1>{{ code }}</h1>{{ barcode }}<ul>{% for item in items %}<li>{{ item.name }}</li>{% endfor %}</ul>',
    },
  },
};

export const templatePatchExamples: Record<string, Example> = {
  words: { summary: 'Other words', value: { body: 'Your code: ${code}' } },
  language: { summary: 'A language less', value: { variants: { de: null } } },
};

export const previewExamples: Record<string, Example> = {
  sample: {
    summary: 'With sample data',
    value: { data: { code: 'W7KQ3M9XHT2C', days: 3 }, languageCode: 'en' },
  },
};

export const messageExamples: Record<string, Example> = {
  two: {
    summary: 'Two people, each with a code of their own',
    value: {
      templateId: exampleIds.template,
      channel: 'sms',
      recipients: [
        { phone: '+44 7400 123456', data: { code: 'SPRING-1' } },
        { phone: '+49 1512 3456789', languageCode: 'de', data: { code: 'SPRING-2' } },
      ],
    },
  },
};
