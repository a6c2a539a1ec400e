import { ReceivedMail } from '../../test/received-mail';
import { mailboxOf, senderOf } from './mailbox';
import { writeMail } from './mime.writer';

const mail = {
  from: 'Shop <shop@tearoff.example>',
  to: 'ann@shop.example',
  subject: 'Hello',
  text: 'Hello\nAnn',
  html: '<p>Hello</p>',
  messageId: 'dlv_1@tearoff.example',
  date: new Date('2031-02-03T04:05:06Z'),
};
const source = (changes: Partial<typeof mail>): Buffer => {
  const { from, to, ...rest } = { ...mail, ...changes };
  return writeMail({ ...rest, from: senderOf(from)!, to: mailboxOf(to)! });
};
const written = (changes: Partial<typeof mail>): ReceivedMail => new ReceivedMail('', [], source(changes));

describe('a mail as it is written', () => {
  it('has the headers of RFC 5322', () => {
    const one = written({});
    expect(one.header('from')).toBe('"Shop" <shop@tearoff.example>');
    expect(one.header('to')).toBe('ann@shop.example');
    expect(one.header('date')).toBe('Mon, 03 Feb 2031 04:05:06 +0000');
    expect(one.header('message-id')).toBe('<dlv_1@tearoff.example>');
    expect(one.header('mime-version')).toBe('1.0');
  });

  it.each([
    ['plain text', 'Hello\nAnn'],
    ['another alphabet', 'Привет, Анна 😀\nкупон'],
    ['a line longer than SMTP allows', `${'word '.repeat(400)}=end`],
    ['an empty text', ''],
    ['control characters', 'a\u0000b\u0007c'],
  ])('carries %s unchanged', (_what, text) => {
    expect(written({ text }).text).toBe(text.replace(/\n/g, '\r\n'));
    expect(written({ html: text }).html).toBe(text.replace(/\n/g, '\r\n'));
  });

  it('keeps every line within 998 characters of seven bits', () => {
    const text = `${'я'.repeat(3_000)}\n${'x'.repeat(3_000)}`;
    const bytes = source({ text, html: 'x'.repeat(3_000), subject: 'Ж'.repeat(150) }).toString('latin1');
    expect(bytes).toMatch(/^[\t\r\n\x20-\x7e]*$/);
    for (const line of bytes.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  it('encodes a subject and a sender that need it', () => {
    const subject = 'Скидка — 20 % на всё, только сегодня и только для вас, дорогая Анна!';
    const one = written({ subject, from: 'Café "Ü" <cafe@tearoff.example>' });
    expect(one.subject).toBe(subject);
    expect(one.header('from')).toMatch(/^=\?UTF-8\?B\?.*\?= <cafe@tearoff.example>$/);
  });

  it('cannot be given another header', () => {
    const one = written({ subject: 'Hi\r\nBcc: all@shop.example' });
    expect(one.header('bcc')).toBe('');
    expect(one.header('subject')).toBe('Hi Bcc: all@shop.example');
  });
});
