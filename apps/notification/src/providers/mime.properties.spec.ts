import { domainToUnicode } from 'node:url';
import fc from 'fast-check';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import { ReceivedMail } from '../../test/received-mail';
import { oneLine } from '../rendering/one-line';
import { mailboxOf, senderOf } from './mailbox';
import { writeMail, type Mail } from './mime.writer';

/** UTF-16 as it may come: any code unit, halves of pairs too. */
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
);
/** What means something to SMTP, to headers or to MIME, and characters whose low byte does. */
const pieces = [
  '\r', '\n', '\r\n', '.', '..', '\n.\n', '=', '=?', '?=', '=?UTF-8?B?', '=?utf-8?Q?a_b?=', '--', '--=_', ' ', '  ',
  '\t', ':', ',', ';', '<', '>', '"', '\\', '(', ')', '@', 'a', 'x'.repeat(80), 'word '.repeat(30), 'y'.repeat(1_200),
  'From ', 'Bcc: x@example.com', 'č', '\u0a0a', 'ĺ', 'ř', '😀', '👩‍👩‍👧', '\ud800', '\udc00', '\u202e', '\u0085', '\u2028',
  '\u00a0', '\u3000', '\0', '\x07', '\x7f', '&', '%', 'é', 'e\u0301', 'שלום', '\u200f',
]; // prettier-ignore
const hostile = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
const text = fc.oneof(hostile, anything);

const base: Mail = {
  from: senderOf('Shop <shop@tearoff.example>')!,
  to: mailboxOf('ann@shop.example')!,
  subject: 'Hello',
  text: 'Hello\nAnn',
  html: '<p>Hello</p>',
  messageId: 'dlv_1@tearoff.example',
  date: new Date('2031-02-03T04:05:06Z'),
  headers: {
    'List-Unsubscribe': '<https://go.example/u/1>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
};
const headers =
  'from to subject message-id date list-unsubscribe list-unsubscribe-post mime-version content-type';

/** As another program reads it; whatever went in, there are no other headers and no line that SMTP would not take. */
async function read(changes: Partial<Mail>): Promise<ParsedMail> {
  const bytes = writeMail({ ...base, ...changes });
  const lines = bytes.toString('latin1').split('\r\n');
  expect(lines.filter((line) => line.length > 998 || /[\r\n\0]/.test(line))).toEqual([]);
  const head = lines.slice(0, lines.indexOf(''));
  expect(head.flatMap((line) => /^([^\s:]+):/.exec(line)?.[1].toLowerCase() ?? []).join(' ')).toBe(headers);
  for (const line of head) {
    if (!/^(list-|to: )/i.test(line)) expect(line).toMatch(/^[\x20-\x7e]{1,120}$/);
    for (const [word] of line.matchAll(/=\?UTF-8\?B\?[^?]*\?=/g)) {
      expect(word.length).toBeLessThanOrEqual(75);
      const encoded = Buffer.from(word.slice(10, -2), 'base64');
      expect(Buffer.from(encoded.toString()).equals(encoded)).toBe(true);
    }
    if (line.includes('=?')) expect(line.length).toBeLessThanOrEqual(76);
  }
  return simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true });
}

/** Lines end as MIME has it, and half a surrogate pair is nothing. */
const asSent = (given: string): string => given.replace(/\p{Surrogate}/gu, '').replace(/\r\n?|\n/g, '\r\n');
/** mailparser adds line breaks at the end of a text, so it says nothing of those that were there. */
const withoutEnd = (body: string | false | undefined): string =>
  (body || '').replace(/\r\n/g, '\n').replace(/\n+$/, '');

describe('what a mail program reads is what was written', () => {
  it('as the subject, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (subject) => {
        expect((await read({ subject })).subject ?? '').toBe(oneLine(subject));
      }),
      { numRuns: 200 },
    );
  });

  it('as the sender’s name', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        const { from } = await read({ from: { ...base.from, name } });
        expect(from!.value).toEqual([{ name: oneLine(name), address: 'shop@tearoff.example' }]);
      }),
      { numRuns: 200 },
    );
  });

  it('as the text and the HTML', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (plain, html) => {
        const mail = await read({ text: plain, html });
        expect(withoutEnd(mail.text)).toBe(withoutEnd(asSent(plain)));
        expect(withoutEnd(mail.html)).toBe(withoutEnd(asSent(html)));
        const received = new ReceivedMail('', [], writeMail({ ...base, text: plain, html }));
        expect(received).toMatchObject({ text: asSent(plain), html: asSent(html) });
      }),
      { numRuns: 200 },
    );
  });

  it('as the address, or it is not written', async () => {
    const spelling = fc
      .tuple(text, fc.constantFrom('example.com', 'bücher.example', 'a', ''))
      .map((parts) => parts.join('@'));
    await fc.assert(
      fc.asyncProperty(spelling, async (address) => {
        const to = mailboxOf(address);
        if (!to) return;
        expect(to.spelling).not.toMatch(/[\r\n\0]/);
        const { to: found } = await read({ to });
        const local = address.slice(0, address.lastIndexOf('@')).replace(/^"(.*)"$/, '$1');
        expect((found as AddressObject).value).toEqual([
          { name: '', address: `${local}@${domainToUnicode(to.domain)}` },
        ]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a header that cannot be written', () => {
  it.each([
    ['a line break', 'List-Unsubscribe', '<https://go.example/u/1>\r\nBcc: x@example.com'],
    ['a letter that is not ASCII', 'List-Unsubscribe', '<https://gö.example/u/1>'],
    ['one whose low byte is a line break', 'List-Unsubscribe', '<https://go.example/\u010d\u0a0aBcc: x>'],
    ['a name that is none', 'Bcc: x@example.com\r\nX', '1'],
    ['more than a line may hold', 'List-Unsubscribe', `<https://go.example/${'x'.repeat(1_000)}>`],
  ])('is refused and not changed: %s', (_what, name, value) => {
    expect(() => writeMail({ ...base, headers: { [name]: value } })).toThrow(
      /^not sent: the header .* cannot be written$/,
    );
  });

  it('is refused as an id too', () => {
    expect(() => writeMail({ ...base, messageId: 'dlv_1\r\nBcc: x@example.com' })).toThrow('Message-ID');
  });
});
