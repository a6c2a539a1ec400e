import { exampleIds } from '../../http/openapi/example-ids';
import type { Example } from '../../http/openapi/operation.decorator';

export const issueExamples: Record<string, Example> = {
  sms: {
    summary: 'By SMS',
    value: {
      campaignId: exampleIds.campaign,
      recipient: { phone: '+44 7400 123456', firstName: 'Ann' },
      channel: 'sms',
    },
  },
  email: {
    summary: 'By e-mail, with a text of its own and where they came from',
    value: {
      campaignId: exampleIds.campaign,
      recipient: { email: 'bob@example.com', firstName: 'Bob', lastName: 'Miller' },
      channel: 'email',
      message: { subject: 'Your 20 %', body: 'Dear {{ firstName }}, here it is: {{ url }}' },
      source: { medium: 'facebook', ad: 'spring-7' },
      metadata: { orderId: 'A-1001' },
    },
  },
  template: {
    summary: 'In the words of a template',
    value: {
      campaignId: exampleIds.campaign,
      recipient: { phone: '+44 7400 123457', languageCode: 'de' },
      channel: 'sms',
      message: { templateId: exampleIds.template, data: { days: 3 } },
    },
  },
  none: {
    summary: 'Not sent: you show the link or the code yourself',
    value: { campaignId: exampleIds.campaign, recipient: { externalId: 'customer-77' } },
  },
};

export const voidExamples: Record<string, Example> = {
  reason: { summary: 'With a reason', value: { reason: 'Order cancelled' } },
};

export const sendExamples: Record<string, Example> = {
  sms: { summary: 'By SMS again', value: { channel: 'sms' } },
};
