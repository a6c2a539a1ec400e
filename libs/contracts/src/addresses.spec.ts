import { emailOf, phoneOf } from './addresses';

describe('a phone number', () => {
  it.each([
    ['+447911123456', undefined],
    ['+44 (0)7911 123456', undefined],
    ['0044 7911 123456', undefined],
    ['tel:+44-7911-123456', undefined],
    ['07911 123456', 'GB'],
    ['+44 7911 123456', 'US'],
    ['００４４７９１１１２３４５６', 'FR'],
    ['\u202a+44 7911 123456\u202c', undefined],
    ['\u2066+44\u200e7911123456\u2069', undefined],
  ])('is the same, written %s in %s', (text, country) => {
    expect(phoneOf(text, country)).toBe('+447911123456');
  });

  it.each([
    '',
    '12',
    '07911 123456',
    '+44 7911 12345',
    '+44 7911 1234567',
    'call +447911123456',
    '+999 1234567',
  ])('is none: %s', (text) => {
    expect(phoneOf(text)).toBeNull();
  });

  it('may be one of those kept for examples', () => {
    expect(phoneOf('07700 900123', 'GB')).toBe('+447700900123');
    expect(phoneOf('06 39 98 12 34', 'FR')).toBe('+33639981234');
  });
});

describe('an e-mail address', () => {
  it.each([
    [' Ann@Example.COM ', 'ann@example.com'],
    ['ann+x@bücher.example', 'ann+x@xn--bcher-kva.example'],
    ["o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"],
  ])('%s is %s', (text, email) => {
    expect(emailOf(text)).toBe(email);
  });

  it.each([
    'ann',
    '@example.com',
    'ann@',
    'ann@localhost',
    'ann@127.0.0.1',
    'a nn@example.com',
    'ann@exa_mple.com',
    'ann@-x.com',
    '.ann@example.com',
    'ann..b@example.com',
    '<ann@example.com>',
    'ann@example.com\r\nBcc: bob@example.com',
    `${'a'.repeat(65)}@example.com`,
  ])('is none: %j', (text) => {
    expect(emailOf(text)).toBeNull();
  });

  it.each(['ann@BÜCHER.example', 'Ann@bu\u0308cher.example', 'ann@xn--bcher-kva.example'])(
    'of an international domain is the same however it is written: %s',
    (spelling) => expect(emailOf(spelling)).toBe('ann@xn--bcher-kva.example'),
  );
});
