import { addressesOfPerson, emailOf, internationalPhoneOf, personKey, phoneOf } from '.';

describe('a phone number', () => {
  it.each([
    ['+447911123456', undefined],
    ['+44 (0)7911 123456', undefined],
    ['0044 7911 123456', undefined],
    ['0044 7911 123456', 'US'],
    ['tel:+44-7911-123456', undefined],
    ['tel:7911-123456;phone-context=+44', undefined],
    ['07911 123456', 'GB'],
    ['+44 7911 123456', 'US'],
    ['００４４７９１１１２３４５６', 'FR'],
    ['＋４４　７９１１　１２３４５６', undefined],
    ['+44\u20097911\u00a0123456', undefined],
    ['\u3000+44\u20117911\u2011123456\u2009', undefined],
    ['+44−7911–123456', undefined],
    ['+44.7911/123/456', undefined],
    ['(+44) 7911 123456', undefined],
    ['+44 7911ー123・456', undefined],
    ['+٤٤ ٧٩١١ ١٢٣٤٥٦', undefined],
    ['+۴۴ ۷۹۱۱ ۱۲۳۴۵۶', undefined],
    ['+४४ ७९११ १२३४५६', undefined],
    ['\u202a+44 7911 123456\u202c', undefined],
    ['\u2066+44\u200e7911123456\u2069', undefined],
    ['+4\u00ad4 79\u200b11 12\ufe0f34\u2060\u31645\u200d6', undefined],
  ])('is the same, written %j in %s', (text, country) => {
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
    '+44 7911\n123456',
    '+44 7911\t123456',
    '+44 7911 123456\0',
  ])('is none: %j', (text) => {
    expect(phoneOf(text)).toBeNull();
  });

  it('may be one of those kept for examples', () => {
    expect(phoneOf('07700 900123', 'GB')).toBe('+447700900123');
    expect(phoneOf('06 39 98 12 34', 'FR')).toBe('+33639981234');
  });

  it('may leave out its plus where it is known to name its country', () => {
    for (const spelling of ['447911123456', '00447911123456', '٤٤٧٩١١١٢٣٤٥٦', 'tel:447911123456'])
      expect(internationalPhoneOf(spelling)).toBe('+447911123456');
    expect(internationalPhoneOf('07911 123456')).toBeNull();
    expect(internationalPhoneOf('12345')).toBeNull();
  });

  it.each([
    ['Mexico', '+52 1 55 1234 5678', undefined, '+525512345678'],
    ['Mexico', '044 55 1234 5678', 'MX', '+525512345678'],
    ['Mexico', '01 55 1234 5678', 'MX', '+525512345678'],
    ['Brazil', '+55 11 8765-4321', undefined, '+5511987654321'],
    ['Brazil', '(11) 8765-4321', 'BR', '+5511987654321'],
    ['Benin', '+229 97 12 34 56', undefined, '+2290197123456'],
  ])('of %s that was renumbered is the new one: %s', (_, text, country, phone) => {
    expect(phoneOf(text, country)).toBe(phone);
    expect(personKey(phone)).toBe(phone);
  });

  it('keeps eight digits where Brazil has kept them', () => {
    expect(phoneOf('+55 11 3065-4321')).toBe('+551130654321');
    expect(phoneOf('+55 11 7765-4321')).toBe('+551177654321');
  });

  it('of a country whose added digits no one can tell is refused rather than guessed', () => {
    expect(phoneOf('+225 07 12 34 56')).toBeNull();
  });
});

describe('an Argentine number', () => {
  it.each([
    ['+54 9 11 6000-1234', '+541160001234'],
    ['+54 11 15 6000-1234', '+541160001234'],
    ['+54 9 221 456-7890', '+542214567890'],
    ['+54 9 3541 56-7890', '+543541567890'],
  ])('%s is the same person without its 9, and both are kept as they were given', (mobile, fixed) => {
    const [withNine, without] = [phoneOf(mobile)!, phoneOf(fixed)!];
    expect(without).toBe(fixed);
    expect(withNine).toBe(fixed.replace('+54', '+549'));
    expect(personKey(withNine)).toBe(personKey(without));
    expect(addressesOfPerson(without)).toEqual([without, withNine]);
    expect(addressesOfPerson(withNine)).toEqual([withNine, without]);
  });

  it.each(['+541160001235', '+541260001234', '+548005551234', '+5511987654321'])('%s is another', (phone) => {
    expect(personKey(phone)).not.toBe(personKey('+5491160001234'));
  });
});

describe('an e-mail address', () => {
  it.each([
    [' Ann@Example.COM ', 'ann@example.com'],
    ['\u3000ann@example.com\u2009\u00a0\n', 'ann@example.com'],
    ['an\u200bn@exam\u00adple.com', 'ann@example.com'],
    ['a\u2060n\ufe0fn\u3164\u200d@exam\u200cple.c\ufeffom', 'ann@example.com'],
    ['\u202aann@example.com\u202c', 'ann@example.com'],
    ['ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ann@example.com'],
    ['ann@example。com', 'ann@example.com'],
    ['\ufb01nn@example.com', 'finn@example.com'],
    ['ann+x@bücher.example', 'ann+x@xn--bcher-kva.example'],
    ["o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"],
    ['Řehoř@example.com', 'řehoř@example.com'],
    ['r\u030cehor\u030c@example.com', 'řehoř@example.com'],
    ['hana.@docomo.ne.jp', 'hana.@docomo.ne.jp'],
    ['Hana..X@ezweb.ne.jp', 'hana..x@ezweb.ne.jp'],
  ])('%j is %s', (text, email) => {
    expect(emailOf(text)).toBe(email);
  });

  it.each([
    'ann',
    '@example.com',
    '\u200b@example.com',
    'ann@',
    'ann@localhost',
    'ann@127.0.0.1',
    'ann@0x7f.1',
    'a nn@example.com',
    'a\u2009nn@example.com',
    'ann@exa_mple.com',
    'ann@-x.com',
    '.ann@example.com',
    'ann..b@example.com',
    'ann.@example.com',
    '.hana@docomo.ne.jp',
    '<ann@example.com>',
    'ann@example.com\r\nBcc: bob@example.com',
    `${'a'.repeat(65)}@example.com`,
    `${'ř'.repeat(33)}@example.com`,
    `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(4)}com`,
  ])('is none: %j', (text) => {
    expect(emailOf(text)).toBeNull();
  });

  it.each([
    'a@exa\tmple.com',
    'a@exa\nmple.com',
    'a@exa\rmple.com',
    'a@exa\0mple.com',
    'a\u0085b@example.com',
    'a\tb@example.com',
  ])('with a control character in it is none, and never another domain: %j', (text) => {
    expect(emailOf(text)).toBeNull();
  });

  it.each(['ann@moc.\u202eelpmaxe', 'a\u2066nn@example.com', 'ann@exa\u202dmple.com'])(
    'that is shown turned round is none: %j',
    (text) => expect(emailOf(text)).toBeNull(),
  );

  it.each([
    'ann@evil.com＠example.com',
    'ann＠evil.com@example.com',
    'ann﹫example.com',
    'ann@evil․com',
    'ann@evil.com℀example.com',
    'a℀b@example.com',
    'ann@evil.com／example.com',
    'ann@evil.com/example.com',
    'ann@evil.com?example.com',
    'ann@evil.com#example.com',
    'ann@evil.com\\example.com',
    'ann@exa%6Dple.com',
    'ann@exa％6Dple.com',
    'ann@example.com:25',
    'ann，bob@example.com',
    'ann@example.com\ufffd',
    'a\ufffdn@example.com',
    'a\ud800n@example.com',
  ])('is none, rather than one of a domain that was not written: %j', (text) => {
    expect(emailOf(text)).toBeNull();
  });

  it.each(['ann@BÜCHER.example', 'Ann@bu\u0308cher.example', 'ann@xn--bcher-kva.example'])(
    'of an international domain is the same however it is written: %s',
    (spelling) => expect(emailOf(spelling)).toBe('ann@xn--bcher-kva.example'),
  );

  it('keeps the joiner that makes a Persian domain another one', () => {
    expect(emailOf('ann@نامه\u200cای.com')).toBe('ann@xn--mgba3gch31f060k.com');
    expect(emailOf('ann@نامهای.com')).toBe('ann@xn--mgba3gch31f.com');
  });
});
