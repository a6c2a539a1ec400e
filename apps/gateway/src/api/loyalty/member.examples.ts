import { exampleIds } from '../../http/openapi/example-ids';
import type { Example } from '../../http/openapi/operation.decorator';

export const memberExamples: Record<string, Example> = {
  ann: {
    summary: 'With all that may be told of a person',
    value: {
      phone: '+44 7400 123999',
      email: 'ann.miller@example.com',
      externalId: 'customer-1001',
      firstName: 'Ann',
      lastName: 'Miller',
      birthday: '1990-05-04',
      gender: 'female',
      city: 'Leeds',
      languageCode: 'en-GB',
    },
  },
  short: { summary: 'By one name alone', value: { externalId: 'customer-1002' } },
};

export const memberPatchExamples: Record<string, Example> = {
  moved: { summary: 'They moved', value: { city: 'York' } },
  forgotten: { summary: 'A name less', value: { birthday: null } },
};

export const pointsExamples: Record<string, Example> = {
  award: {
    summary: 'Award, once for this receipt',
    value: { amount: 3, reference: 'receipt 2027-05-04/118', reason: 'Breakfast', storeId: 'london-1' },
  },
  spend: { summary: 'Spend', value: { amount: -2, reference: 'counter 2027-05-04/7' } },
};

export const tillPointsExamples: Record<string, Example> = {
  number: {
    summary: 'By the number that was read off their card',
    value: { cardId: exampleIds.card, number: exampleIds.number, amount: 1, reference: 'till-3/118' },
  },
  phone: {
    summary: 'By phone number; a member who is not on the card yet is put on it',
    value: { cardId: exampleIds.card, phone: '+44 7400 123456', amount: 1, enrol: true },
  },
};

export const rewardExamples: Record<string, Example> = {
  shown: { summary: 'Its coupon is shown by you', value: { reference: 'app 7c1f' } },
};
