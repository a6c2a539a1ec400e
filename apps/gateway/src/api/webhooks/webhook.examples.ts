import type { Example } from '../../http/openapi/operation.decorator';

export const webhookExamples: Record<string, Example> = {
  redeemed: {
    summary: 'Whenever a coupon is spent, or that is undone',
    value: {
      url: 'https://hooks.shop.example/tearoff',
      events: ['coupon.redeemed', 'coupon.redemption_reversed'],
    },
  },
  everything: {
    summary: 'All that happens to coupons, and an event of our own',
    value: { url: 'https://hooks.shop.example/tearoff', events: ['coupon.*', 'cart abandoned'] },
  },
};

export const webhookPatchExamples: Record<string, Example> = {
  pause: { summary: 'Tell it nothing for the moment', value: { status: 'paused' } },
  other: { summary: 'Another address', value: { url: 'https://hooks.shop.example/v2' } },
};

export const replayExamples: Record<string, Example> = {
  failed: { summary: 'All that failed since', value: { since: '2026-05-04T00:00:00Z' } },
};
