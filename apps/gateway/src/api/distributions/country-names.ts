import { headerKey } from '../codes/code-headers';

const languages = ['en', 'de', 'es', 'fr', 'nl', 'uk', 'ru', 'it', 'pl', 'pt'];
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Codes that Intl has a name for and that no one's country has. */
const noCountries = new Set([
  'EU',
  'EZ',
  'UN',
  'QO',
  'ZZ',
  'XA',
  'XB',
  'UK',
  'FX',
  'AN',
  'CS',
  'SU',
  'DD',
  'YU',
  'TP',
  'ZR',
  'BU',
  'NT',
  'VD',
  'YD',
]);

/** Other names than those of Unicode, and the codes of three letters that lists have most. */
const aliases: Record<string, string> = {
  GB: 'UK, U.K., GBR, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, United Kingdom of Great Britain and Northern Ireland, Großbritannien, Grande-Bretagne, Gran Bretaña, Gran Bretagna, Groot-Brittannië, Engeland, Inglaterra, Angleterre, Inghilterra, Anglia, Велика Британія, Великобритания, Англія',
  US: 'USA, U.S., U.S.A., United States of America, America, Vereinigte Staaten von Amerika, Amerika, EE. UU., EEUU, Estados Unidos de América, États-Unis d’Amérique, Stati Uniti d’America, VS, Verenigde Staten van Amerika, США, Stany Zjednoczone Ameryki, EUA',
  DE: 'DEU, GER, BRD, Bundesrepublik Deutschland, Federal Republic of Germany',
  AT: 'AUT',
  CH: 'CHE, Schweizerische Eidgenossenschaft',
  FR: 'FRA',
  ES: 'ESP',
  IT: 'ITA',
  NL: 'NLD, NED, Holland, The Netherlands, Holanda, Hollande, Olanda, Holandia',
  BE: 'BEL',
  PL: 'POL',
  PT: 'PRT, POR',
  IE: 'IRL, Republic of Ireland, Eire, Éire',
  DK: 'DNK, DEN',
  SE: 'SWE',
  NO: 'NOR',
  FI: 'FIN',
  UA: 'UKR',
  RU: 'RUS, Russian Federation, Российская Федерация, Russische Föderation',
  CZ: 'CZE, Czech Republic, Tschechische Republik, Tschechei, République tchèque, República Checa, Repubblica Ceca, Tsjechische Republiek, Republika Czeska',
  SK: 'SVK, Slovak Republic',
  HU: 'HUN',
  RO: 'ROU, ROM',
  GR: 'EL, GRC',
  TR: 'TUR, Turkey, Türkei',
  CA: 'CAN',
  AU: 'AUS',
  NZ: 'NZL',
  BR: 'BRA',
  MX: 'MEX, Mexico, México',
  AR: 'ARG',
  JP: 'JPN',
  CN: 'CHN, PRC, People’s Republic of China',
  IN: 'IND',
  ZA: 'ZAF, RSA',
  AE: 'ARE, UAE, U.A.E., VAE, EAU',
  KR: 'KOR, Korea, Republic of Korea, Korea (Republic of), Korea (South)',
  KP: 'PRK, Korea (North), Democratic People’s Republic of Korea',
  HK: 'HKG, Hong Kong, Hongkong',
  MO: 'Macao, Macau',
  TW: 'TWN, Taiwan (Province of China), Taiwan',
  VN: 'VNM, Viet Nam',
  IR: 'Iran, Iran (Islamic Republic of), Islamic Republic of Iran',
  MD: 'Moldova, Republic of Moldova, Moldova (Republic of)',
  MK: 'Macedonia, North Macedonia, Republic of Macedonia, Mazedonien',
  CI: 'Ivory Coast, Côte d’Ivoire',
  CD: 'DR Congo, DRC, Democratic Republic of the Congo',
  CG: 'Republic of the Congo',
  CV: 'Cape Verde',
  SZ: 'Swaziland',
  MM: 'Burma, Myanmar',
  TZ: 'United Republic of Tanzania',
  BO: 'Bolivia (Plurinational State of)',
  VE: 'Venezuela (Bolivarian Republic of)',
  SY: 'Syrian Arab Republic',
  LA: 'Lao People’s Democratic Republic',
  BN: 'Brunei Darussalam',
  PS: 'Palestine',
  BA: 'Bosnia',
  VA: 'Vatican, Holy See',
};

const twoLetters = letters.flatMap((one) => letters.map((two) => one + two));

/** By key: the codes themselves, and their names in the languages above. */
function namesOf(type: 'region' | 'language', candidates: readonly string[]): Map<string, string> {
  const names = languages.map((language) => new Intl.DisplayNames(language, { type, fallback: 'none' }));
  const found = new Map<string, string>();
  const real = candidates.filter((code) => names[0].of(code) !== undefined);
  for (const code of real) for (const each of names) found.set(headerKey(each.of(code) ?? code), code);
  for (const code of real) found.set(headerKey(code), code);
  return found;
}

// Made with the first list that needs them: some thousand names.
let countries: Map<string, string> | undefined;
let languageCodes: Map<string, string> | undefined;

function countryCodes(): Map<string, string> {
  const codes = namesOf(
    'region',
    twoLetters.filter((code) => !noCountries.has(code)),
  );
  for (const [code, others] of Object.entries(aliases))
    for (const name of others.split(', ')) codes.set(headerKey(name), code);
  return codes;
}

/** ISO 3166-1 of a country by its code, or by its name in one of our languages; null = it is none that we know. */
export const countryOf = (text: string): string | null =>
  (countries ??= countryCodes()).get(headerKey(text)) ?? null;

/** ISO 639-1 of a language by its name in one of our languages; null = it is none that we know. */
export function languageOf(text: string): string | null {
  languageCodes ??= namesOf(
    'language',
    twoLetters.map((code) => code.toLowerCase()),
  );
  return languageCodes.get(headerKey(text)) ?? null;
}

/** Of a row: that it is the country which is wrong, and not the phone number. */
export const unknownCountry = (text: string): string =>
  `recipient.country: "${text.slice(0, 60)}" is not a country that we know: write its ISO 3166 code, such as GB`;
