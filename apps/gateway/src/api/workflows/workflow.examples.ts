/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { exampleIds } from '../../http/openapi/example-ids';
import type { Example } from '../../http/openapi/operation.decorator';

export const workflowExamples: Record<string, Example> = {
  welcome: {
    summary: 'A coupon for who signs up, and a message with its code',
    value: {
      name: 'Welcome',
      trigger: { event: 'signup', repeat: 'once' },
      steps: [
        { name: 'gift', issueCoupon: { campaignId: exampleIds.campaign } },
        { sendMessage: { templateId: exampleIds.template, data: { code: '${steps.gift.code}' } } },
      ],
    },
  },
  remind: {
    summary: 'Redeemed within three days? If not, a reminder in the morning',
    value: {
      name: 'Win back',
      trigger: {
        event: 'cart.abandoned',
        repeat: { oncePer: 'week' },
        filter: { '>': [{ var: 'params.total' }, 5_000] },
      },
      timezone: 'Europe/London',
      steps: [
        { delay: { for: 'PT2H' } },
        {
          name: 'offer',
          issueCoupon: { campaignId: exampleIds.campaign, channel: 'sms' },
          onError: 'continue',
        },
        {
          condition: {
            if: { '!=': [{ var: 'steps.offer.outcome' }, 'refused'] },
            then: [
              {
                waitFor: {
                  event: 'coupon.redeemed',
                  within: 'P3D',
                  else: [
                    { delay: { until: { time: '09:30', zone: 'contact' } } },
                    {
                      sendMessage: { templateId: exampleIds.template, data: { code: '${steps.offer.code}' } },
                    },
                  ],
                },
              },
            ],
          },
        },
      ],
    },
  },
};

export const workflowPatchExamples: Record<string, Example> = {
  pause: { summary: 'Start nothing more', value: { status: 'paused' } },
  steps: {
    summary: 'Other steps, for runs yet to begin',
    value: {
      steps: [{ sendMessage: { templateId: exampleIds.template, data: { code: '${params.code}' } } }],
    },
  },
};
