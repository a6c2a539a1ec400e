import { decoderOf, encodingOf, charsetOf } from './text-encoding';

/** The text in an 8-bit encoding. */
function encoded(encoding: string, text: string): Buffer {
  const read = decoderOf(encoding);
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [read(Uint8Array.of(byte)), byte]));
  return Buffer.from(
    [...text].map((character) => {
      const byte = bytes.get(character);
      if (byte === undefined) throw new Error(`${encoding} has no ${character}`);
      return byte;
    }),
  );
}

const file = (names: string): string =>
  `phone,firstName\r\n${names
    .split(' ')
    .map((name, index) => `+4474001234${10 + index},${name}`)
    .join('\r\n')}\r\n`;
const found = (encoding: string, names: string): string => encodingOf(encoded(encoding, file(names)), true);

describe('the encoding of a file', () => {
  it.each([
    ['windows-1252', 'Jörg'],
    ['windows-1252', 'Jörg Müller Groß Ärzte'],
    ['windows-1252', 'René Zoé Hélène François'],
    ['windows-1252', 'Hélène'],
    ['windows-1252', 'José Muñoz Íñigo'],
    ['windows-1252', 'João Conceição José'],
    ['windows-1252', 'Søren Åse Bjørn Æbeltoft'],
    ['windows-1252', 'Niccolò'],
    ['windows-1252', 'Guðrún Þór'],
    ['windows-1252', 'O’Brien'],
    ['windows-1250', 'Łukasz Paweł Wójcik Żaneta'],
    ['windows-1250', 'Dvořák Jiří Čapek'],
    ['windows-1250', 'Kovač'],
    ['windows-1250', 'Erdős Szűcs Tímea'],
    ['windows-1251', 'Иван Наталья Сергей'],
    ['macintosh', 'Jörg Müller'],
    ['ibm850', 'Jörg Müller Groß'],
    ['macintosh', 'Hélène François'],
    ['windows-1252', '£5 Renée Françoise “Ann”'],
    ['windows-1252', '£5 Ann €'],
    ['windows-1251', 'Олексій Марія Юрій'],
    ['windows-1251', 'ИВАН НАТАЛЬЯ'],
    ['windows-1252', 'JÖRG MÜLLER'],
    ['koi8-u', 'Иван Наталья Сергей'],
    ['windows-1253', 'Γιώργος Μαρία Ελένη'],
    ['windows-1254', 'Ayşe Yiğit Işık Gülçin'],
    ['windows-1255', 'דוד שרה משה'],
    ['windows-1256', 'محمد فاطمة'],
    ['windows-1257', 'Jānis Kārlis Ņina'],
  ])('is found to be %s of %s', (encoding, names) => {
    const sample = encoded(encoding, file(names));
    const guessed = encodingOf(sample, true);
    // Another encoding that reads the same text is as good.
    expect(decoderOf(guessed)(sample)).toBe(file(names));
  });

  it('is distinguished from what the words would be in others, or asked back with both readings', () => {
    expect(() => found('windows-1252', 'Muñoz')).toThrow(
      expect.objectContaining({
        code: 'csv.encoding_unclear',
        details: expect.objectContaining({
          readings: expect.arrayContaining([
            { charset: 'windows-1252', example: 'Muñoz' },
            { charset: 'windows-1250', example: 'Muńoz' },
          ]),
        }),
      }),
    );
    expect(() => found('windows-1252', 'Søren')).toThrow('In which encoding');
    expect(() => found('windows-1257', 'Jānis')).toThrow('In which encoding');
    // `Jörg` as DOS writes it, and `Jîrg` as old Macs do.
    expect(() => encodingOf(Buffer.from('phone,name\n1,J\x94rg\n', 'latin1'), true)).toThrow(
      'In which encoding',
    );
    expect(encodingOf(encoded('windows-1252', file('Muñoz')), true, true)).toBe('windows-1252');
  });

  it.each([
    ['utf-8', Buffer.from(file('Jörg 太郎'))],
    ['utf-8', Buffer.from(`\ufeff${file('Ann')}`)],
    ['utf-16le', Buffer.from(`\ufeff${file('Jörg')}`, 'utf16le')],
    ['utf-16le', Buffer.from(file('Jörg'), 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${file('Jörg')}`, 'utf16le').swap16()],
    ['utf-16be', Buffer.from(file('Jörg'), 'utf16le').swap16()],
    ['utf-8', Buffer.concat([Buffer.from(file('Jörg Zoë Ann Ñu Éa')), Buffer.from([0xff, 0x0a])])],
    [
      'shift_jis',
      Buffer.concat([Buffer.from('phone,name\n1,'), Buffer.from('91be985989d48e7182b382f1', 'hex')]),
    ],
  ])('is %s', (encoding, sample) => {
    expect(encodingOf(sample, true)).toBe(encoding);
  });

  it('is UTF-8 where the sample ends within a character, and not where the file does', () => {
    const sample = Buffer.from(file('Ann')).subarray(0, -2);
    const cut = Buffer.concat([sample, Buffer.from([0xc3])]);
    expect(encodingOf(cut, false)).toBe('utf-8');
    expect(encodingOf(cut, true, true)).not.toBe('utf-8');
  });

  it('is what the content type says, under any of its names', () => {
    expect(charsetOf('text/csv')).toBeUndefined();
    expect(charsetOf('text/csv; charset="ISO-8859-1"')).toBe('windows-1252');
    expect(charsetOf('text/csv;header=present;CHARSET=cp1251')).toBe('windows-1251');
    expect(() => charsetOf('text/csv; charset=klingon')).toThrow(
      expect.objectContaining({ code: 'csv.charset_unknown' }),
    );
  });

  it('Windows-1252 has the euro sign and quotes where ISO-8859-1 has controls', () => {
    expect(decoderOf('windows-1252')(Uint8Array.of(0x80, 0x92, 0x9f, 0xe4, 0x81))).toBe('€’Ÿä\ufffd');
  });
});
