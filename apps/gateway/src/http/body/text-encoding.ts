import { analyse } from 'chardet';
import { invalid, type DomainError } from '@tearoff/contracts';
import { codePages, scoreOf } from './code-pages';

/** What is looked at to find out the encoding of a file. */
export const sampleBytes = 64 * 1024;
const multiByte = ['shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr'] as const;
/** Of two encodings that read a file differently, the better must be better by so much. */
const clearMargin = 0.1;
/** What an 8-bit encoding must explain before the encodings of East Asia are left out of account. */
const goodScore = 0.9;
/** With less than this it is a text of none of the encodings that we know, such as those of DOS. */
const poorScore = 0.5;
const maxWords = 2_000;
const newLine = Buffer.from('\n');

const upperHalves: Record<string, string> = {
  // Not by TextDecoder, which in Node.js 20 reads ISO-8859-1: controls in place of the euro sign and the quotes.
  'windows-1252':
    '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ' +
    Array.from({ length: 96 }, (_, at) => String.fromCharCode(0xa0 + at)).join(''),
  // What Excel saves as "CSV (MS-DOS)" in Western Europe; TextDecoder has none of DOS's.
  ibm850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤' +
    'ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};

/** Reads a text piece by piece; bytes that are none of its encoding become U+FFFD. */
export function decoderOf(encoding: string): (bytes?: Uint8Array) => string {
  const upperHalf = upperHalves[encoding];
  if (upperHalf)
    return (bytes = new Uint8Array()) =>
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
        .toString('latin1')
        .replace(/[\x80-\xff]/g, (byte) => upperHalf[byte.charCodeAt(0) - 0x80]);
  const decoder = new TextDecoder(encoding);
  return (bytes) => (bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }));
}

const decode = (encoding: string, bytes: Uint8Array): string => {
  const read = decoderOf(encoding);
  return read(bytes) + read();
};

/** `charset` of a content type under its usual name. Fails with `csv.charset_unknown`. */
export function charsetOf(contentType: string | undefined): string | undefined {
  const label = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType ?? '')?.[1];
  if (label === undefined) return undefined;
  if (/^(cp|ibm)-?850$/i.test(label)) return 'ibm850';
  try {
    const { encoding } = new TextDecoder(label);
    return encoding;
  } catch {
    throw invalid(
      'csv.charset_unknown',
      `The charset "${label.slice(0, 40)}" of the Content-Type is not known.`,
    );
  }
}

/**
 * The encoding of a file, from its first bytes (`isWhole`: they are all of it). A byte order mark tells; so does UTF-8,
 * which no other text is by chance; the rest by which encoding makes words of it. Fails with `csv.encoding_unclear`
 * where two encodings make different words that are equally likely; with `guess` it takes the first of them.
 */
export function encodingOf(sample: Buffer, isWhole: boolean, guess = false): string {
  return markOf(sample) ?? (isUtf8(sample, isWhole) ? 'utf-8' : legacyEncodingOf(sample, guess));
}

/** UTF-16 by its mark, or by the zero byte that every second one is in a Latin text. */
export function markOf(sample: Buffer): string | undefined {
  const [one, two, three, four] = sample;
  if (one === 0xef && two === 0xbb && three === 0xbf) return 'utf-8';
  if (one === 0xff && two === 0xfe) return 'utf-16le';
  if (one === 0xfe && two === 0xff) return 'utf-16be';
  if (sample.length < 4) return undefined;
  if (one && !two && three && !four) return 'utf-16le';
  return !one && two && !three && four ? 'utf-16be' : undefined;
}

/** A file with a few broken characters is still UTF-8: the rows that have them are refused, not all others. */
function isUtf8(sample: Buffer, isWhole: boolean): boolean {
  const options = { stream: !isWhole };
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, options);
    return true;
  } catch {
    const text = new TextDecoder().decode(sample, options);
    const broken = text.split('\ufffd').length - 1;
    const beyondAscii = text.match(/[^\0-\x7f]/gu)?.length ?? 0;
    return beyondAscii - broken > broken;
  }
}

function legacyEncodingOf(sample: Buffer, guess: boolean): string {
  const words = highWords(sample);
  if (words.length === 0) return 'windows-1252';
  const joined = Buffer.concat(words.flatMap((word) => [word, newLine]));
  const rated = codePages
    .map((encoding) => {
      const text = decode(encoding, joined);
      return { encoding, text, score: scoreOf(encoding, text.split('\n').slice(0, -1)) };
    })
    .toSorted((a, b) => b.score - a.score);
  const [best] = rated;
  if (best.score < goodScore) {
    const eastern = multiByte.filter((encoding) => isEastAsian(encoding, sample));
    const withKana = eastern.filter((encoding) => kana.test(decode(encoding, sample)));
    if (eastern.length === 1) return eastern[0];
    if (withKana.length === 1) return withKana[0];
    if (eastern.length > 1) return byChardet(sample, eastern) ?? unclear(eastern, guess, highLine(sample));
  }
  const rivals = rated.filter(({ text, score }) => text !== best.text && best.score - score < clearMargin);
  const clear = best.score >= poorScore && rivals.length === 0;
  if (clear) return best.encoding;
  const candidates = [best, ...rivals].map(({ encoding }) => encoding);
  return byChardet(joined, candidates) ?? unclear(candidates, guess, words[0] ?? sample);
}

/** Quotes, dashes and dots, which stand around words; the no-break space between them. */
const aroundWords = /^[\x85\x91-\x97\xab\xbb]+|[\x85\x91-\x97\xab\xbb]+$/g;

/** The words that have a byte beyond ASCII, each once. A single byte (`£5`) says nothing of the others. */
function highWords(sample: Buffer): Buffer[] {
  const runs = sample.toString('latin1').match(/[A-Za-z\x80-\x9f\xa1-\xff]+/g) ?? [];
  const words = new Set(runs.map((run) => run.replaceAll(aroundWords, '')));
  const high = [...words].filter((word) => word.length > 1 && /[\x80-\xff]/.test(word));
  return high.slice(0, maxWords).map((word) => Buffer.from(word, 'latin1'));
}

/** The first line that has a byte beyond ASCII. */
const highLine = (sample: Buffer): Buffer =>
  Buffer.from(/[^\r\n]*[\x80-\xff][^\r\n]*/.exec(sample.toString('latin1'))?.[0] ?? '', 'latin1');

/** Japanese alone; in files of other encodings they do not come by chance. */
const kana = /[\u3041-\u30fa]/;
const eastern =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef\u30fc\u00b7]*$/u;

function isEastAsian(encoding: string, sample: Buffer): boolean {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: true });
    return eastern.test(text.replace(/[\0-\x7f]/g, ''));
  } catch {
    return false;
  }
}

const chardetNames: Record<string, string> = {
  'iso-8859-1': 'windows-1252',
  'iso-8859-2': 'windows-1250',
  'iso-8859-7': 'windows-1253',
  'iso-8859-8': 'windows-1255',
  'iso-8859-6': 'windows-1256',
  'iso-8859-9': 'windows-1254',
  'koi8-r': 'koi8-u',
};
/** Of texts as short as lists of names chardet knows little; only what it is sure of counts. */
const sure = 60;
const sureMargin = 20;

function byChardet(bytes: Buffer, candidates: readonly string[]): string | undefined {
  const found = analyse(bytes).map(({ name, confidence }) => {
    const label = name.toLowerCase();
    return { encoding: chardetNames[label] ?? label, confidence };
  });
  const [first, second] = found.filter(({ encoding }) => candidates.includes(encoding));
  if (!first || first.confidence < sure) return undefined;
  return first.confidence - (second?.confidence ?? 0) >= sureMargin ? first.encoding : undefined;
}

function unclear(candidates: readonly string[], guess: boolean, example: Buffer): string {
  if (guess) return candidates[0];
  throw encodingUnclear(candidates, example);
}

function encodingUnclear(candidates: readonly string[], example: Buffer): DomainError {
  const shown = candidates.slice(0, 5);
  const readings = shown.map((encoding) => ({
    charset: encoding,
    example: decode(encoding, example.subarray(0, 60)).replace(/\p{Cc}+/gu, ' '),
  }));
  return invalid(
    'csv.encoding_unclear',
    'In which encoding is the file? Name it in the Content-Type, such as `text/csv; charset=windows-1252`, or save it as UTF-8.',
    {
      errors: [
        { path: '/lines/1', message: `is of a file that may be ${shown.join(' or ')}, and is no UTF-8` },
      ],
      readings,
    },
  );
}
