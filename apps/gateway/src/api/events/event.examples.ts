import type { Example } from '../../http/openapi/operation.decorator';

export const eventExamples: Record<string, Example> = {
  key: {
    summary: 'An order, which counts once',
    value: {
      type: 'order.paid',
      key: 'order-1001',
      contact: { email: 'ann@example.com', firstName: 'Ann' },
      params: { total: 4_900, currency: 'EUR', items: [{ sku: 'espresso', count: 2 }] },
    },
  },
  contact: {
    summary: 'Once a person, whatever their number is written like',
    value: {
      type: 'app.installed',
      contact: { phone: '07400 123456', country: 'GB', languageCode: 'en' },
    },
  },
  anonymous: { summary: 'About nobody', value: { type: 'shop.opened', params: { store: 'S-1' } } },
};
