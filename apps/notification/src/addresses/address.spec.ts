import { channelOf, normaliseAddress } from './address';

describe('an address', () => {
  it.each([
    '+447911123456',
    '+44 7911 123456',
    '+44 (0)7911-123456',
    '00447911123456',
    '447911123456',
    '\uff0b４４７９１１１２３４５６',
  ])('of a phone is the same however it is written: %s', (spelling) =>
    expect(normaliseAddress('sms', spelling)).toBe('+447911123456'),
  );

  it('may be a number that examples are written with', () => {
    expect(normaliseAddress('sms', 'tel:+44 7700 900123')).toBe('+447700900123');
  });

  it('is of the kind that its looks say', () => {
    expect(['ann@shop.example', 'ann\uff20shop.example', '+447911123456'].map(channelOf)).toEqual([
      'email',
      'email',
      'sms',
    ]);
  });

  it.each([
    ['sms', '12345'],
    ['sms', 'ann@shop.example'],
    ['sms', 'call +44 7911 123456'],
    ['email', 'ann'],
    ['email', 'ann@shop'],
    ['email', 'ann..b@shop.example'],
    ['email', 'ann@127.0.0.1'],
    ['email', 'a b@shop.example'],
    ['email', 'ann@shop.example\r\nRCPT TO:<x@y.example>'],
  ] as const)('that is none is refused: %s %s', (channel, spelling) => {
    expect(() => normaliseAddress(channel, spelling)).toThrow(/is not a valid/);
  });
});
