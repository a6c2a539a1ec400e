import type { Example } from '../openapi/operation.decorator';

export const campaignExamples: Record<string, Example> = {
  smallest: { summary: 'Only a name', value: { name: 'Spring' } },
  welcome: {
    summary: '20 % off for new customers, by SMS',
    value: {
      name: 'Welcome 20 %',
      content: {
        title: '20 % off your first order',
        description: 'For everything in the shop.',
        terms: 'One use. Not with other offers.',
        color: '#1a7f5a',
      },
      discount: { kind: 'percent', value: 20 },
      timezone: 'Europe/London',
      validity: { daysAfterIssue: 30 },
      barcode: 'qrcode',
      limits: { total: 10000, perRecipient: { count: 1, per: 'campaign' }, onRepeat: 'sameCoupon' },
      messages: { sms: { body: 'Hi {{ firstName }}, 20 % off is waiting for you: {{ url }}' } },
    },
  },
  lunch: {
    summary: '£5 off at lunch, Monday to Friday, from £20',
    value: {
      name: 'Lunch',
      discount: { kind: 'amount', value: 500, currency: 'GBP' },
      timezone: 'Europe/London',
      redemption: {
        channels: ['store'],
        minBasket: 2000,
        weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
        hours: { from: '11:30', to: '14:30' },
      },
    },
  },
};

export const patchExamples: Record<string, Example> = {
  content: { summary: 'Another title', value: { content: { title: 'Still 20 % off' } } },
  pause: { summary: 'Pause it', value: { status: 'paused' } },
  resume: { summary: 'Go on', value: { status: 'active' } },
};
