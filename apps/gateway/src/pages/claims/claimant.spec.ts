import { claimantOf } from './claimant';

const refused = expect.objectContaining({ code: 'claim.country_not_allowed' });
const addressOf = (phone: string, claim: Parameters<typeof claimantOf>[1]) => {
  try {
    return claimantOf({ phone }, claim).address;
  } catch (error) {
    return error;
  }
};

describe('the countries of a claim', () => {
  it.each([
    ['GB', '07911 123456', '+447911123456', 'Guernsey'],
    ['GB', '07797 712345', '+447797712345', 'Jersey'],
    ['GB', '07924 123456', '+447924123456', 'the Isle of Man'],
    ['US', '+1 604 555 2671', '+16045552671', 'Canada'],
    ['RU', '+7 701 234 5678', '+77012345678', 'Kazakhstan'],
    ['FI', '+358 457 1234567', '+3584571234567', 'the Åland Islands'],
    ['MA', '+212 528 812345', '+212528812345', 'Western Sahara'],
  ])(
    'that share a calling code are one unless the campaign says otherwise: %s has %s',
    (country, given, phone) => {
      expect(addressOf(given, { country })).toBe(phone);
      expect(addressOf(given, { country: 'FR', countries: [country] })).toEqual(
        given.startsWith('+') ? phone : expect.objectContaining({ code: 'recipient.invalid_phone' }),
      );
    },
  );

  it('are distinguished where the campaign says so', () => {
    expect(addressOf('07911 123456', { country: 'GB', exactCountry: true })).toEqual(refused);
    expect(addressOf('07400 123456', { country: 'GB', exactCountry: true })).toBe('+447400123456');
    expect(addressOf('+1 876 555 1234', { country: 'US', exactCountry: true })).toEqual(refused);
    expect(addressOf('07911 123456', { country: 'GB', countries: ['GG'], exactCountry: true })).toBe(
      '+447911123456',
    );
  });

  it('are those of the calling code, and no others', () => {
    expect(addressOf('+33 6 12 34 56 78', { country: 'GB' })).toEqual(refused);
    expect(addressOf('+1 876 555 1234', { country: 'GB' })).toEqual(refused);
  });

  it('may be the ones that a regulator keeps for examples, which are of no one of them', () => {
    for (const exactCountry of [false, true])
      expect(addressOf('07700 900123', { country: 'GB', exactCountry })).toBe('+447700900123');
  });
});
