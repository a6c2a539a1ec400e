import type { Example } from '../../http/openapi/operation.decorator';

export const distributionExamples: Record<string, Example> = {
  send: {
    summary: 'Two people, by SMS',
    value: {
      channel: 'sms',
      source: { medium: 'list', site: 'spring-fair' },
      recipients: [
        { phone: '+447400123456', firstName: 'Ann' },
        { phone: '07400 123457', country: 'GB', firstName: 'Ben', metadata: { tier: 'gold' } },
      ],
    },
  },
  preAssign: {
    summary: 'A code for one person, without a message',
    value: { channel: 'none', recipients: [{ externalId: 'customer-17', code: 'ANN-2027' }] },
  },
};
