import { countryOf, languageOf } from './country-names';
import { meaningsOf } from './list-headers';
import { cellText, emailText, idText, isRounded, phoneText } from './spreadsheet-cells';

const fieldsOf = (...headers: string[]) => meaningsOf(headers).map((meaning) => meaning?.field ?? null);

describe('the header of a column', () => {
  it.each([
    ['phone', 'phone'],
    ['MOBILE_PHONE', 'phone'],
    ['Phone 1 - Value', 'phone'],
    ['Phone 2 - Value', null],
    ['Work Phone', null],
    ['E-mail 1 - Value', 'email'],
    ['E-mail 1 - Label', null],
    ['Correo electrónico', 'email'],
    ['First  Name', 'firstName'],
    ['Prénom', 'firstName'],
    ['Фамилия', 'lastName'],
    ['Mailing Country', 'country'],
    ['Ländercode', 'country'],
    ['Sprache', 'languageCode'],
    ['External ID', 'externalId'],
    ['Contact ID', null],
    ['ID', null],
    ['Code', 'code'],
    ['Post Code', null],
    ['Coupon Code', null],
    ['Name', null],
    ['Full Name', null],
    ['', null],
  ])('%j means %s', (header, field) => {
    expect(fieldsOf(header)).toEqual([field]);
  });

  it('is a part of the name only beside the other part', () => {
    expect(fieldsOf('Nombre', 'Apellidos')).toEqual(['firstName', 'lastName']);
    expect(fieldsOf('Nombre', 'Ciudad')).toEqual([null, null]);
    expect(fieldsOf('Name', 'Vorname')).toEqual(['lastName', 'firstName']);
    expect(fieldsOf('Name', 'First Name')).toEqual([null, 'firstName']);
    expect(fieldsOf('Nom', 'Prénom')).toEqual(['lastName', 'firstName']);
    expect(fieldsOf('Nom', 'Prénom', 'Nom de famille')).toEqual([null, 'firstName', 'lastName']);
  });
});

describe('the name of a country', () => {
  it.each([
    ['GB', 'GB'],
    ['gb', 'GB'],
    ['UK', 'GB'],
    ['United Kingdom', 'GB'],
    ['Vereinigtes Königreich', 'GB'],
    ['England', 'GB'],
    ['GBR', 'GB'],
    ['Deutschland', 'DE'],
    ['Allemagne', 'DE'],
    ['Niemcy', 'DE'],
    ['Україна', 'UA'],
    ['Ukraine', 'UA'],
    ['ÖSTERREICH', 'AT'],
    ['Österreich ', 'AT'],
    ['Austria', 'AT'],
    ['Australia', 'AU'],
    ['Czech Republic', 'CZ'],
    ['U.S.A.', 'US'],
    ['Estados Unidos', 'US'],
    ['Türkiye', 'TR'],
    ['Hong Kong', 'HK'],
    ['Niger', 'NE'],
    ['Nigeria', 'NG'],
    ['Dominica', 'DM'],
    ['República Dominicana', 'DO'],
    ['Guernsey', 'GG'],
    ['Kosovo', 'XK'],
    ['Atlantis', null],
    ['ZZ', null],
    ['EU', null],
    ['44', null],
    ['', null],
  ])('%j is %s', (name, code) => {
    expect(countryOf(name)).toBe(code);
  });
});

it('a language is known by its name in one of ours', () => {
  expect(['German', 'Deutsch', 'de', 'українська', 'Klingonisch X'].map(languageOf)).toEqual([
    'de',
    'de',
    'de',
    'uk',
    null,
  ]);
});

describe('a cell of a spreadsheet', () => {
  it.each([
    ["'+44 7400 123456", '+44 7400 123456'],
    ["'07400 123456", '07400 123456'],
    ['="+447400123456"', '+447400123456'],
    ['p:+447400123456', '+447400123456'],
    ['447400123456.0', '447400123456'],
    ['+44 7400 123456 ::: +44 1', '+44 7400 123456'],
    ['(0)7400 123456', '(0)7400 123456'],
  ])('%s is the phone number %s', (cell, phone) => {
    expect(phoneText(cell)).toBe(phone);
  });

  it('keeps what is no mark of a spreadsheet', () => {
    expect(["'s-Hertogenbosch", "O'Brien", "'=SUM(1)", ' x '].map(cellText)).toEqual([
      "'s-Hertogenbosch",
      "O'Brien",
      '=SUM(1)',
      'x',
    ]);
    expect(emailText('mailto:a@b.uk ::: c@d.uk')).toBe('a@b.uk');
    expect(idText("'0012")).toBe('0012');
  });

  it('is a rounded number, or none', () => {
    expect(['4.47912E+11', '4,47912E+11', '4E+11', '4.47912e11'].map(isRounded)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['447912345678', '12E345', '+447912', ''].map(isRounded)).toEqual([false, false, false, false]);
  });
});
