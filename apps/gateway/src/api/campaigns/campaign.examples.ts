import type { Example } from '../../http/openapi/operation.decorator';

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
  articleNumbers: {
    summary: 'Codes that a laser scanner reads: EAN-13',
    value: { name: 'Till coupons', discount: { kind: 'percent', value: 10 }, barcode: 'ean13' },
  },
  gs1Coupons: {
    summary: 'GS1 coupon numbers (AI 8112)',
    value: {
      name: 'Funded coupons',
      discount: { kind: 'amount', value: 100, currency: 'USD' },
      barcode: 'gs1-8112',
      codes: { funderId: '0614141', offerCode: '000042' },
    },
  },
  surprise: {
    summary: 'A surprise: everyone draws one of two offers, once',
    value: {
      name: 'Birthday surprise',
      type: 'mystery',
      content: { title: 'Your surprise' },
      offers: [
        { content: { title: 'A cake' }, discount: { kind: 'percent', value: 100 }, weight: 1, total: 50 },
        { content: { title: '10 % off' }, discount: { kind: 'percent', value: 10 }, weight: 19 },
      ],
    },
  },
  scratchCard: {
    summary: 'A scratch card a day; every tenth wins',
    value: {
      name: 'Daily scratch card',
      type: 'game',
      content: { title: 'The daily scratch card' },
      timezone: 'Europe/London',
      game: { winChance: 0.1, per: 'day' },
      limits: { perRecipient: { count: 1, per: 'week' } },
      offers: [{ content: { title: 'A free coffee' }, total: 500 }],
    },
  },
};

export const patchExamples: Record<string, Example> = {
  content: { summary: 'Another title', value: { content: { title: 'Still 20 % off' } } },
  pause: { summary: 'Pause it', value: { status: 'paused' } },
  resume: { summary: 'Go on', value: { status: 'active' } },
};
