import { mailboxOf, senderOf } from './mailbox';

describe('an address in a mail', () => {
  it.each([
    ['ann@shop.example', 'ann@shop.example'],
    ["o'brien+tag=1@shop.example", "o'brien+tag=1@shop.example"],
    ['hana.@docomo.ne.jp', '"hana."@docomo.ne.jp'],
    ['.hana@docomo.ne.jp', '".hana"@docomo.ne.jp'],
    ['ha..na@docomo.ne.jp', '"ha..na"@docomo.ne.jp'],
    ['"hana."@docomo.ne.jp', '"hana."@docomo.ne.jp'],
    ['"ann"@shop.example', 'ann@shop.example'],
    ['ann@[192.0.2.1]', 'ann@[192.0.2.1]'],
    ['ann@localhost', 'ann@localhost'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
  ])('is quoted where it must be: %s', (address, spelling) => {
    expect(mailboxOf(address)).toMatchObject({ spelling, international: false });
  });

  it.each(['řehoř@example.com', 'dč\u0a0asubjectĺx@example.com', '小龙.@example.com', '😀@example.com'])(
    'may have a local part that needs SMTPUTF8: %s',
    (address) => expect(mailboxOf(address)).toMatchObject({ international: true, domain: 'example.com' }),
  );

  it.each([
    '',
    'ann',
    '@shop.example',
    'ann@',
    'ann@shop..example',
    `${'a'.repeat(257)}@shop.example`,
    'ann@-shop.example',
    'ann@shop example',
    'an n@shop.example',
    '"an n"@shop.example',
    '""@shop.example',
    '"a"b"@shop.example',
    'a@b@shop.example',
    '=?utf-8?q?bob=40other.example=3e?=@shop.example',
    'ann,bob@shop.example',
    'a>b@shop.example',
    'a\\b@shop.example',
    'ann@exa\tmple.com',
    'ann@shop.example>\r\nRCPT TO:<x@y.example',
    'a\nb@shop.example',
    'a\0b@shop.example',
    'a\u0085b@shop.example',
    'a\u2028b@shop.example',
    'a\u202eb@shop.example',
    'a\u200fb@shop.example',
    'a\ud800b@shop.example',
    'ann@sh\u202eop.example',
  ])('is none at all: %j', (address) => expect(mailboxOf(address)).toBeNull());
});

describe('a sender', () => {
  it.each([
    ['Shop <shop@tearoff.example>', 'Shop', 'shop@tearoff.example'],
    ['"Shop, \\"best\\"" <shop@tearoff.example>', 'Shop, "best"', 'shop@tearoff.example'],
    ['Sh\u202eop\r\nBcc: x <shop@tearoff.example>', 'Shop Bcc: x', 'shop@tearoff.example'],
    [' shop@tearoff.example ', '', 'shop@tearoff.example'],
    ['<shop@tearoff.example>', '', 'shop@tearoff.example'],
    ['Купоны <купоны@почта.example>', 'Купоны', 'купоны@xn--80a1acny.example'],
  ])('is a name and an address: %j', (text, name, spelling) => {
    expect(senderOf(text)).toMatchObject({ name, mailbox: { spelling } });
  });

  it.each(['Shop', 'Shop <>', 'Shop <shop>', 'Shop shop@tearoff.example', 'a@b.example <c@d.example> e'])(
    'is none without exactly one address: %s',
    (text) => expect(senderOf(text)).toBeNull(),
  );
});
