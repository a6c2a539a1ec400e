import { randomBytes } from 'node:crypto';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { encode as quotedPrintable, wrap } from 'nodemailer/lib/qp';
import { barcodeId } from '../rendering/barcode-mark';

export interface Mail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** PNG, shown by the HTML as `barcodeImage`. */
  barcode?: Buffer;
  /** Without its angle brackets. */
  messageId: string;
  date: Date;
  /** Further ones, by name; ASCII without line breaks. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * A mail of two alternatives, text and HTML, as RFC 5322 and 2045 want it. Written here because composing a
 * general mail takes several times as long as handing it to the server.
 */
export function writeMail(mail: Mail): Buffer {
  const { from, to, subject, text, html, barcode, messageId, date, headers = {} } = mail;
  const boundary = `=_${boundaryPart}_${messageId.replace(/[^0-9A-Za-z]/g, '').slice(0, 32)}`;
  return Buffer.from(
    `From: ${encodeSender(from)}\r\n` +
      `To: ${to}\r\n` +
      `Subject: ${encodeHeader(subject, 9)}\r\n` +
      `Message-ID: <${messageId}>\r\n` +
      `Date: ${date.toUTCString().replace('GMT', '+0000')}\r\n` +
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('') +
      'MIME-Version: 1.0\r\n' +
      `Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n` +
      `--${boundary}\r\n${part('text/plain', text)}\r\n` +
      `--${boundary}\r\n${barcode ? withPicture(part('text/html', html), barcode, boundary) : part('text/html', html)}\r\n` +
      `--${boundary}--\r\n`,
    'latin1',
  );
}

/** The HTML together with its picture (RFC 2387), so that it is shown within and not listed as attached. */
const withPicture = (html: string, png: Buffer, outer: string): string => {
  // Neither may begin with the other: not every reader compares whole lines.
  const boundary = `=_r${outer.slice(2)}`;
  return (
    `Content-Type: multipart/related; type="text/html";\r\n boundary="${boundary}"\r\n\r\n` +
    `--${boundary}\r\n${html}\r\n` +
    `--${boundary}\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n` +
    `Content-ID: <${barcodeId}>\r\nContent-Disposition: inline; filename="barcode.png"\r\n\r\n` +
    `${base64(png)}\r\n--${boundary}--`
  );
};

// Unguessable, so that no text can hold a boundary; the same for a process, for random bytes cost time.
const boundaryPart = randomBytes(12).toString('hex');

/** Seven-bit text with short lines goes as it is, with long lines quoted-printable, all other text base64. */
function part(type: string, content: string): string {
  const lines = content.replace(/\r\n?|\n/g, '\r\n');
  const [encoding, body] = bodyOf(lines);
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
}

function bodyOf(lines: string): [encoding: string, body: string] {
  if (!/^[\t\r\n\x20-\x7e]*$/.test(lines)) return ['base64', base64(Buffer.from(lines))];
  if (lines.split('\n').some((line) => line.length > 900))
    return ['quoted-printable', wrap(quotedPrintable(lines))];
  return ['7bit', lines];
}

function base64(content: Buffer): string {
  const encoded = content.toString('base64');
  let wrapped = '';
  for (let at = 0; at < encoded.length; at += 76)
    wrapped += `${at > 0 ? '\r\n' : ''}${encoded.slice(at, at + 76)}`;
  return wrapped;
}

/** RFC 2047 where it must be; `used`: columns of its first line that its name takes. */
function encodeHeader(value: string, used: number): string {
  const line = value.replace(/[\r\n\t]+/g, ' ');
  if (/^[\x20-\x7e]*$/.test(line) && !line.includes('=?') && line.length + used <= 200) return line;
  return encodeWord(line, 'B', 52).replace(/ (?==\?)/g, '\r\n ');
}

const senders = new Map<string, string>();

/** `Name <address>` with the name quoted or encoded; there is one sender a process. */
function encodeSender(from: string): string {
  let encoded = senders.get(from);
  if (encoded === undefined) {
    const [, name = '', address = from] = /^\s*(.*?)\s*<([^<>]+)>\s*$/s.exec(from) ?? [];
    const bare = name.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1');
    const shown = /^[\x20-\x7e]*$/.test(bare) ? `"${bare.replace(/["\\]/g, '\\$&')}"` : encodeHeader(bare, 6);
    encoded = bare === '' ? address.trim() : `${shown} <${address.trim()}>`;
    senders.set(from, encoded);
  }
  return encoded;
}
