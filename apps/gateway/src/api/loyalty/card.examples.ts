import { exampleIds } from '../../http/openapi/example-ids';
import type { Example } from '../../http/openapi/operation.decorator';

export const cardExamples: Record<string, Example> = {
  stamps: {
    summary: 'Ten stamps, a free coffee that comes by SMS',
    value: {
      name: 'Coffee card',
      kind: 'stamps',
      design: { title: 'The coffee card', color: '#5b3a1e', barcode: 'qrcode' },
      earning: [{ on: 'redemption', points: 1 }],
      rewards: [
        {
          name: 'A coffee',
          cost: 10,
          campaignId: exampleIds.campaign,
          automatic: true,
          channel: 'sms',
        },
      ],
    },
  },
  points: {
    summary: 'A point for each pound, with tiers; points run out after a year',
    value: {
      name: 'Friends of the house',
      kind: 'points',
      timezone: 'Europe/London',
      earning: [
        { on: 'amount', points: 1, per: 100, currency: 'GBP' },
        { on: 'event', event: 'review.written', points: 50, tiered: false },
      ],
      rewards: [{ name: '£5 off', cost: 500, campaignId: exampleIds.campaign }],
      tiers: {
        period: { months: 12 },
        levels: [
          { name: 'Silver', from: 500 },
          { name: 'Gold', from: 2000, multiplier: 1.5 },
        ],
      },
      expiry: { kind: 'rolling', days: 365 },
      pendingDays: 14,
    },
  },
};

export const cardPatchExamples: Record<string, Example> = {
  design: { summary: 'Other words on it', value: { design: { title: 'Our coffee card' } } },
  rules: {
    summary: 'Two stamps a coupon from now on, and nothing runs out',
    value: { earning: [{ on: 'redemption', points: 2 }], expiry: null },
  },
};
