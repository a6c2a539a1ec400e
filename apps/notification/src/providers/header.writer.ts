import { oneLine } from '../rendering/one-line';
import { PermanentFailure } from './provider';

/** Of a line that holds an encoded word (RFC 2047); RFC 5322 asks for 78. */
const lineLength = 76;
const frame = '=?UTF-8?B??='.length;

/**
 * A header of free text, `Subject` for one, whatever the text: as it is where it is ASCII that no reader takes for
 * anything else, in encoded words (RFC 2047) otherwise, in lines of 76 characters at most.
 */
export function textHeader(name: string, text: string): string {
  const line = oneLine(text);
  const used = name.length + 2;
  return `${name}: ${isPlain(line) ? folded(line, used) : encodedWords(line, used)}\r\n`;
}

/** A name before an address, with what comes between the two; nothing where there is none. */
export function displayName(text: string, used: number): string {
  const name = oneLine(text);
  if (name === '') return '';
  if (isPlain(name) && name.length <= 60) return `"${name.replace(/["\\]/g, '\\$&')}" `;
  return `${encodedWords(name, used)}\r\n `;
}

/** A header that is written already. Throws PermanentFailure for what no header can hold: it is never cut or changed. */
export function rawHeader(name: string, value: string): string {
  if (!/^[!-9;-~]+$/.test(name) || !/^[\x20-\x7e]+$/.test(value) || name.length + value.length > 990)
    throw new PermanentFailure(`not sent: the header ${JSON.stringify(name.slice(0, 50))} cannot be written`);
  return `${name}: ${value}\r\n`;
}

const isPlain = (line: string): boolean =>
  /^[\x20-\x7e]*$/.test(line) && !line.includes('=?') && !/[^ ]{60}/.test(line);

/** At single spaces, so that unfolding brings the same text back. */
function folded(line: string, used: number): string {
  if (used + line.length <= lineLength) return line;
  let length = used;
  return line
    .split(' ')
    .map((word, at) => {
      if (at === 0) return ((length += word.length), word);
      if (length + 1 + word.length <= lineLength) return ((length += 1 + word.length), ` ${word}`);
      length = 1 + word.length;
      return `\r\n ${word}`;
    })
    .join('');
}

/** Each holds whole characters, so that each can be read alone. */
function encodedWords(text: string, used: number): string {
  const words: string[] = [];
  let word = '';
  let bytes = 0;
  for (const character of text) {
    const room = bytesIn(lineLength - frame - (words.length === 0 ? used : 1));
    const size = Buffer.byteLength(character);
    if (bytes + size > room && word !== '') {
      words.push(word);
      word = '';
      bytes = 0;
    }
    word += character;
    bytes += size;
  }
  return [...words, word].map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}

/** That base64 of so many characters can hold. */
const bytesIn = (characters: number): number => Math.floor(characters / 4) * 3;
