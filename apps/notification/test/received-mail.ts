/** A mail as a server got it: enough of RFC 5322 and 2045–2047 to read what we write. */
export class ReceivedMail {
  private readonly headers: Map<string, string>;
  private readonly parts: Part[];
  /** Of every header line, in their order. */
  readonly headerNames: string[];

  constructor(
    readonly from: string,
    readonly to: string[],
    readonly bytes: Buffer,
    /** Whether it came under SMTPUTF8. */
    readonly smtpUtf8 = false,
  ) {
    const [head, body] = split(bytes.toString('latin1'));
    this.headers = readHeaders(head);
    this.headerNames = head
      .split('\r\n')
      .flatMap((line) => /^[^\s:]+(?=:)/.exec(line)?.[0].toLowerCase() ?? []);
    this.parts = readParts(this.header('content-type'), body);
  }

  header(name: string): string {
    return this.headers.get(name) ?? '';
  }

  get subject(): string {
    return this.header('subject').replace(/=\?UTF-8\?B\?([^?]*)\?=\s*/gi, (_all, word: string) =>
      Buffer.from(word, 'base64').toString(),
    );
  }

  get text(): string {
    return this.textOf('text/plain');
  }

  get html(): string {
    return this.textOf('text/html');
  }

  /** What the HTML shows under that id. */
  picture(id: string): Buffer {
    return this.parts.find((part) => part.id === `<${id}>`)!.content;
  }

  private textOf(type: string): string {
    return this.parts.find((part) => part.type === type)?.content.toString() ?? '';
  }
}

function split(source: string): [head: string, body: string] {
  const at = source.indexOf('\r\n\r\n');
  return [source.slice(0, at), source.slice(at + 4)];
}

function readHeaders(head: string): Map<string, string> {
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
}

interface Part {
  type: string;
  id: string | undefined;
  content: Buffer;
}

/** The leaves of a multipart, however deep. */
function readParts(contentType: string, body: string): Part[] {
  const boundary = /boundary="([^"]+)"/.exec(contentType)?.[1] ?? '';
  const sections = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1);
  return sections.flatMap((section) => readPart(section.replace(/^\r\n/, '')));
}

function readPart(section: string): Part[] {
  const [head, body] = split(section);
  const headers = readHeaders(head);
  const contentType = headers.get('content-type')!;
  if (contentType.startsWith('multipart/')) return readParts(contentType, body);
  const encoding = headers.get('content-transfer-encoding');
  return [
    { type: contentType.split(';')[0], id: headers.get('content-id'), content: decode(body, encoding) },
  ];
}

function decode(body: string, encoding: string | undefined): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1');
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
