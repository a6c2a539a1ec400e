import { exampleIds } from '../../http/openapi/example-ids';
import type { Example } from '../../http/openapi/operation.decorator';

export const claimExamples: Record<string, Example> = {
  phone: {
    summary: 'By phone number, as they write it at home',
    value: {
      campaignId: exampleIds.campaign,
      recipient: { phone: '07400 123456', country: 'GB' },
      consent: true,
    },
  },
  source: {
    summary: 'With the ad that they came from',
    value: {
      campaignId: exampleIds.campaign,
      recipient: { phone: '+44 7400 123457', firstName: 'Ann' },
      consent: true,
      source: { site: 'news.example', medium: 'banner', ad: 'spring-7' },
    },
  },
};
