/** A mail as a server got it: enough of RFC 5322 and 2045–2047 to read what we write. */
export class ReceivedMail {
  private readonly headers: Map<string, string>;
  private readonly parts: Map<string, string>;

  constructor(
    readonly from: string,
    readonly to: string[],
    readonly source: string,
  ) {
    const [head, body] = split(source);
    this.headers = readHeaders(head);
    const boundary = /boundary="([^"]+)"/.exec(this.header('content-type'))?.[1] ?? '';
    const sections = body.split(`--${boundary}`).slice(1, -1);
    this.parts = new Map(
      sections.map((section) => readPart(section.replace(/^\r\n/, '').replace(/\r\n$/, ''))),
    );
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
    return this.parts.get('text/plain') ?? '';
  }

  get html(): string {
    return this.parts.get('text/html') ?? '';
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

function readPart(section: string): [type: string, content: string] {
  const [head, body] = split(section);
  const headers = readHeaders(head);
  const type = headers.get('content-type')!.split(';')[0];
  const encoding = headers.get('content-transfer-encoding');
  if (encoding === 'base64') return [type, Buffer.from(body, 'base64').toString()];
  if (encoding !== 'quoted-printable') return [type, body];
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return [type, Buffer.from(bytes, 'latin1').toString()];
}
