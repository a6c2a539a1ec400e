/** The 8-bit encodings that are distinguished by themselves, the most frequent first. */
export const codePages = [
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1254',
  'windows-1257',
  'windows-1253',
  'koi8-u',
  'windows-1255',
  'windows-1256',
  'macintosh',
  'ibm850',
] as const;
export type CodePage = (typeof codePages)[number];

const cyrillic = [
  'абвгдежзийклмнопрстуфхцчшщъыьэюяё',
  'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’',
  'абвгдеёжзійклмнопрстуўфхцчшыьэюя',
];

const western = [
  'äöüß', // German
  'àâçéèêëîïôùûüœæÿ', // French
  'áéíóúñü', // Spanish
  'àçèéíïòóúü', // Catalan
  'ãõáâàçéêíóôú', // Portuguese
  'àèéìòù', // Italian
  'éëïöüèêáóí', // Dutch
  'æøåéäö', // Danish, Norwegian, Swedish, Finnish
  'áðéíóúýþæö', // Icelandic
];

/** By encoding: for each language written in it the letters that ASCII has not. */
const alphabets: Record<CodePage, readonly string[]> = {
  'windows-1252': western,
  macintosh: western,
  ibm850: western,
  'windows-1250': [
    'ąćęłńóśźż', // Polish
    'áčďéěíňóřšťúůýž', // Czech
    'áäčďéíĺľňóôŕšťúýž', // Slovak
    'áéíóöőúüű', // Hungarian
    'ăâîşţ', // Romanian
    'čćđšž', // Slovenian, Croatian, Bosnian
  ],
  'windows-1251': cyrillic,
  'koi8-u': cyrillic,
  'windows-1254': ['çğıöşüâî'], // Turkish
  'windows-1257': ['ąčęėįšųūž', 'āčēģīķļņšūž', 'äõöüšž'], // Lithuanian, Latvian, Estonian
  'windows-1253': ['αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ'],
  'windows-1255': ['אבגדהוזחטיךכלםמןנסעףפץצקרשת'],
  'windows-1256': ['ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ'],
};

const vowels = new Set('aeiouyαεηιουωаеёиоуыэюяіїєў');
const neither = new Set('ьъй’');
const plain = (letter: string): string => letter.normalize('NFD')[0];
const special: Record<string, string> = { æ: 'a', œ: 'o', ø: 'o', ı: 'i' };

/** How well that encoding explains these words, from 0 to 1.5; `null` = as words they make no sense in it. */
export function scoreOf(page: CodePage, words: readonly string[]): number {
  const languages = alphabets[page];
  const inLanguage = languages.map(() => 0);
  let sum = 0;
  for (const word of words) {
    const quality = qualityOf(word);
    if (quality === 0) continue;
    const letters = [...word.toLowerCase()].filter(
      (letter) => letter > '\x7f' && letter !== '\u2019' && letter !== '\u0307',
    );
    const fitting = languages.flatMap((alphabet, at) =>
      letters.every((letter) => alphabet.includes(letter)) ? [at] : [],
    );
    if (fitting.length > 0) sum += quality;
    for (const at of fitting) inLanguage[at] += quality;
  }
  return words.length === 0 ? 0 : (sum + Math.max(...inLanguage) / 2) / words.length;
}

const oneWord =
  /^(?:[\p{Script=Latin}\u2019]+|[\p{Script=Cyrillic}\u2019]+|\p{Script=Greek}+|\p{Script=Hebrew}+|\p{Script=Arabic}+)$/u;

/** From 0 (no word: signs among letters, two scripts, capitals inside) to 1 (vowels and consonants take turns). */
function qualityOf(word: string): number {
  if (!oneWord.test(word) || /\p{Ll}\p{Lu}/u.test(word)) return 0;
  // Scripts without capitals, whose vowels are mostly not written.
  if (/^\p{Lo}/u.test(word)) return 0.9;
  // Names begin with a capital, and only the first letter is one: by that KOI8 and Windows-1251 are distinguished.
  const isGreekOrCyrillic = /^[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word);
  const small = !isGreekOrCyrillic ? 1 : /^\p{Ll}/u.test(word) ? 0.5 : /^\p{Lu}{2}/u.test(word) ? 0.8 : 1;
  const letters = [...word.toLowerCase()];
  let pairs = 0;
  let alike = 0;
  for (let i = 1; i < letters.length; i++) {
    const [one, two] = [letters[i - 1], letters[i]];
    if (one <= '\x7f' && two <= '\x7f') continue;
    pairs++;
    const [a, b] = [kindOf(one), kindOf(two)];
    if (a !== null && a === b) alike++;
  }
  return small * (pairs === 0 ? 1 : 1 - (alike / pairs) * 0.5);
}

function kindOf(letter: string): boolean | null {
  const base = special[letter] ?? plain(letter);
  return neither.has(letter) || neither.has(base) ? null : vowels.has(base);
}
