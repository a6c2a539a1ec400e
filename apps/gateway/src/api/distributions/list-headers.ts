import { headerKey } from '../codes/code-headers';

/** The fields of a row that a column may be; `source.*` and metadata besides. */
export const listFields = [
  'phone',
  'email',
  'externalId',
  'firstName',
  'lastName',
  'country',
  'languageCode',
  'code',
  'offerId',
] as const;
export type ListField = (typeof listFields)[number];

/**
 * The headers of CRMs, address books and mailing tools (Google Contacts, Outlook, HubSpot, Salesforce, Mailchimp,
 * Klaviyo, Brevo, Shopify) and of spreadsheets in their languages, the more specific before the others: a mobile number
 * before any number. Compared without case, accents, spaces and signs (`headerKey`). A number at work or at home, a
 * second address and an id that is no more than the number of a row are none of these.
 */
const words: Partial<Record<ListField, readonly (readonly string[])[]>> = {
  phone: [
    [
      'mobile, mobile phone, mobile number, mobile no, mobile phone number, mobile phone no, phone mobile, cell',
      'cell phone, cell number, cell phone number, cellphone, cellular, sms, sms number, sms phone, sms phone number',
      'Handy, Handynummer, Handynr, Mobil, Mobilnummer, Mobilnr, Mobiltelefon, Mobiltelefonnummer, Mobilfunk',
      'Mobilfunknummer, Mobilrufnummer, Natel, móvil, teléfono móvil, número de móvil, número móvil, celular',
      'teléfono celular, número de celular, portable, téléphone portable, téléphone mobile, tél portable, tél mobile',
      'numéro de portable, numéro portable, numéro de mobile, mobiel, mobiele telefoon, mobiel nummer',
      'mobiele nummer, mobiel telefoonnummer, gsm, gsm-nummer, 06-nummer, мобільний, мобільний телефон',
      'номер мобільного, мобільний номер, моб телефон, мобильный, мобильный телефон, cellulare, telefono cellulare',
      'numero di cellulare, numero cellulare, telefonino, komórka, telefon komórkowy, numer komórkowy',
      'nr komórki, numer komórki, telefon kom, tel kom, telemóvel, número de telemóvel, telefone celular',
      'número de celular, telefone móvel',
    ],
    ['phone'],
    [
      'phone number, phone no, telephone, telephone number, tel, tel no, phone 1 - value, phone 1, primary phone',
      'primary phone number, default phone, default address phone, contact number, contact phone, customer phone',
      'person phone, Telefon, Telefonnummer, Telefonnr, Rufnummer, teléfono, número de teléfono, téléphone, tél',
      'numéro de téléphone, telefoon, telefoonnummer, телефон, номер телефону, номер телефона, telefono',
      'numero di telefono, numer telefonu, nr telefonu, telefone, número de telefone',
    ],
  ],
  email: [
    ['email, e-mail'],
    [
      'email address, e-mail address, e-mail 1 - value, email 1, e-mail 1, mail, mail address, primary email',
      'primary email address, contact email, customer email, subscriber email, E-Mail-Adresse, Mailadresse',
      'E-Mail-Anschrift, correo, correo electrónico, dirección de correo, dirección de correo electrónico',
      'dirección de email, adresse e-mail, adresse mail, adresse électronique, adresse de messagerie, courriel',
      'mél, e-mailadres, mailadres, електронна пошта, ел пошта, ел адреса, електронна адреса, пошта, імейл',
      'электронная почта, эл почта, почта, indirizzo email, indirizzo e-mail, posta elettronica, adres e-mail',
      'adres email, adres poczty elektronicznej, poczta, endereço de e-mail, endereço de email, correio eletrónico',
      'correio eletrônico',
    ],
  ],
  externalId: [['external id'], ['ext id, external identifier, external customer id']],
  firstName: [
    ['first name'],
    [
      'given name, forename, fname, contact first name, Vorname, Vornamen, Rufname, nombre de pila',
      'primer nombre, prénom, prénoms, voornaam, roepnaam, ім’я, имя, nome di battesimo, imię, imiona',
      'primeiro nome, nome próprio',
    ],
  ],
  lastName: [
    ['last name'],
    [
      'surname, family name, lname, contact last name, Nachname, Familienname, Zuname, apellido',
      'apellidos, primer apellido, nom de famille, achternaam, familienaam, прізвище, фамилия, cognome, nazwisko',
      'apelido, apelidos, sobrenome, último nome',
    ],
  ],
  country: [
    [
      'country code, country iso, country iso code, iso country code, Ländercode, Länderkürzel, Länderkennung',
      'código de país, código país, code pays, landcode, код країни, код страны, codice paese, kod kraju',
      'código do país',
    ],
    ['country'],
    [
      'country/region, country name, country of residence, Land, país, pays, країна, страна, paese, nazione, kraj',
      'país de residencia, pays de résidence',
    ],
    [
      'mailing country, mailing country/territory, mailing country code, home country, home country/region',
      'address country, address 1 - country, default address country code, default address country',
      'person mailing country',
    ],
    [
      'billing country, billing country code, shipping country, shipping country code, business country/region',
    ],
  ],
  languageCode: [
    ['language code'],
    [
      'language, preferred language, locale, lang, Sprache, bevorzugte Sprache, Sprachcode, idioma, idioma preferido',
      'langue, langue préférée, taal, taalcode, мова, язык, lingua, język',
    ],
  ],
  code: [['code']],
  offerId: [['offer id']],
};

/** Words that are a first or a last name only beside their counterpart: alone, `Nombre` and `Name` are the whole name. */
const besideOthers: readonly { words: string; field: ListField; beside: ListField; headers?: string }[] = [
  { words: 'nombre, nombres, nome', field: 'firstName', beside: 'lastName' },
  { words: 'nom', field: 'lastName', beside: 'firstName', headers: 'prénom, prénoms' },
  { words: 'name', field: 'lastName', beside: 'firstName', headers: 'Vorname, Vornamen' },
  { words: 'naam', field: 'lastName', beside: 'firstName', headers: 'voornaam' },
];

/** What a header means. `rank`: 0 = our own name as it is documented, then from the most to the least specific word. */
export interface HeaderMeaning {
  field: ListField;
  rank: number;
}

const split = (line: string): string[] => line.split(', ').map(headerKey);
const ownNames: ReadonlyMap<string, ListField> = new Map(listFields.map((field) => [field, field]));
const known = new Map<string, HeaderMeaning>(
  Object.entries(words).flatMap(([field, ranks]) =>
    ranks.flatMap((lines, at) =>
      lines.flatMap(split).map((key) => [key, { field: field as ListField, rank: at + 1 }] as const),
    ),
  ),
);

/** For each header what it says that its column holds; null = it is none that we know. */
export function meaningsOf(headers: readonly string[]): (HeaderMeaning | null)[] {
  const keys = headers.map(headerKey);
  const meanings = headers.map((header, at): HeaderMeaning | null => {
    const own = ownNames.get(header.trim());
    return own ? { field: own, rank: 0 } : (known.get(keys[at]) ?? null);
  });
  const has = (field: ListField) => meanings.some((meaning) => meaning?.field === field);
  return meanings.map((meaning, at) => {
    if (meaning) return meaning;
    const found = besideOthers.find((each) => split(each.words).includes(keys[at]));
    if (!found || !has(found.beside) || has(found.field)) return null;
    if (found.headers && !split(found.headers).some((key) => keys.includes(key))) return null;
    return { field: found.field, rank: 9 };
  });
}
