import { emailSpellings, phoneSpellings } from '@tearoff/testing';
import fc from 'fast-check';
import { addressesOfPerson, emailOf, personKey, phoneOf, plainText } from '.';

describe('any spelling of a number is the same person', () => {
  it.each([
    ['a British one', ['+447911123456'], []],
    ['an American one', ['+14155552671'], []],
    ['a French one', ['+33612345678'], []],
    ['an Italian one', ['+390612345678'], []],
    ['a Russian one', ['+79161234567'], []],
    ['an Indian one', ['+919876543210'], []],
    ['a Japanese one', ['+819012345678'], []],
    ['an Argentine one', ['+5491160001234', '+541160001234'], []],
    ['an Argentine one of the provinces', ['+5492214567890', '+542214567890'], []],
    [
      'a Mexican one',
      ['+525512345678'],
      ['+52 1 55 1234 5678', '0052 1 55 1234 5678', '+52 044 55 1234 5678'],
    ],
    ['a Brazilian one', ['+5511987654321'], ['+55 11 8765-4321', '0055 11 8765-4321']],
    ['a Beninese one', ['+2290197123456'], ['+229 97 12 34 56']],
  ])('%s', (_, numbers, old) => {
    fc.assert(
      fc.property(phoneSpellings(numbers, { old }), ({ text, country }) => {
        const phone = phoneOf(text, country);
        expect(numbers).toContain(phone);
        expect(personKey(phone!)).toBe(personKey(numbers[0]));
        expect(addressesOfPerson(phone!).sort()).toEqual([...numbers].sort());
        expect(phoneOf(phone!)).toBe(phone);
      }),
      { numRuns: 300 },
    );
  });
});

describe('any spelling of an e-mail address', () => {
  it.each(['kim@example.com', "o'neil+x@mail.example.co.uk", 'hana.@docomo.ne.jp'])('%s', (email) => {
    fc.assert(
      fc.property(emailSpellings(email), (text) => expect(emailOf(text)).toBe(email)),
      { numRuns: 300 },
    );
  });
});

describe('whatever is written', () => {
  it('an e-mail address is read once and for all, holds one @, and its domain is what is written behind it', () => {
    const part = fc.string({ unit: 'binary', maxLength: 12 });
    const ascii = fc.stringMatching(/^[A-Za-z0-9.%/\\#?:@ \t-]{0,8}$/);
    const text = fc.oneof(
      fc.tuple(part, part).map(([name, host]) => `${name}@${host}.com`),
      fc.tuple(ascii, part, ascii).map(([name, odd, host]) => `${name}a@${host}${odd}b.com`),
    );
    fc.assert(
      fc.property(text, (given) => {
        const email = emailOf(given);
        if (email === null) return;
        expect(emailOf(email)).toBe(email);
        expect(email.split('@')).toHaveLength(2);
        expect(email).not.toMatch(/[\p{C}\s]/u);
        const plain = plainText(given);
        // Nothing behind the @ is left out but what cannot be seen: each of its letters is a letter of the domain.
        const host = plain.slice(plain.lastIndexOf('@') + 1);
        if (/^[\x21-\x7e]*$/.test(host)) expect(email.endsWith(`@${host.toLowerCase()}`)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('a phone number is read once and for all, and never fails', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.stringMatching(/^[+0-9 ()./x;=-]{0,20}$/),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(undefined, 'GB', 'AR', 'MX', 'US', 'ZZ'), (given, country) => {
        const phone = phoneOf(given, country);
        if (phone === null) return;
        expect(phone).toMatch(/^\+\d{6,15}$/);
        expect(phoneOf(phone)).toBe(phone);
        expect(addressesOfPerson(phone).map(personKey)).toEqual(
          addressesOfPerson(phone).map(() => personKey(phone)),
        );
      }),
      { numRuns: 3_000 },
    );
  });
});
