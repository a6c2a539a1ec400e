import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

interface Field {
  key: string;
  value: unknown;
  changeMessage?: string;
}

type Style = Partial<Record<`${string}Fields`, Field[]>>;

export interface PassJson {
  passTypeIdentifier: string;
  serialNumber: string;
  authenticationToken: string;
  webServiceURL: string;
  teamIdentifier: string;
  voided?: boolean;
  expirationDate?: string;
  barcodes?: { format: string; message: string; messageEncoding: string }[];
  coupon?: Style;
  storeCard?: Style;
}

export interface Pkpass {
  files: Record<string, Buffer>;
  json: PassJson;
}

/** Reads a zip by its central directory. */
export function openPkpass(zip: Buffer): Pkpass {
  const files: Record<string, Buffer> = {};
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, name, extra, comment] = [10, 20, 28, 30, 32].map((offset) =>
      offset === 20 ? zip.readUInt32LE(at + offset) : zip.readUInt16LE(at + offset),
    );
    const from = zip.readUInt32LE(at + 42);
    const data = from + 30 + zip.readUInt16LE(from + 26) + zip.readUInt16LE(from + 28);
    const content = zip.subarray(data, data + size);
    files[zip.toString('utf8', at + 46, at + 46 + name)] = method === 8 ? inflateRawSync(content) : content;
    at += 46 + name + extra + comment;
  }
  return { files, json: JSON.parse(files['pass.json'].toString()) as PassJson };
}

/** Whichever of the pass's fields it is. */
export function fieldOf({ coupon, storeCard }: PassJson, key: string): Field | undefined {
  return Object.values(coupon ?? storeCard ?? {})
    .flat()
    .find((field) => field?.key === key);
}

export const valueOf = (pass: PassJson, key: string): unknown => fieldOf(pass, key)?.value;

/** What `openssl smime -verify` says of the signature, with the chain up to that root. Fails when it is wrong. */
export function verifySignature({ files }: Pkpass, rootPem: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pkpass-'));
  try {
    const paths = { signature: 'signature', manifest: 'manifest.json', root: 'root.pem' };
    const [signature, manifest, root] = Object.values(paths).map((name) => join(folder, name));
    writeFileSync(signature, files.signature);
    writeFileSync(manifest, files['manifest.json']);
    writeFileSync(root, rootPem);
    const verified = ['-verify', '-binary', '-inform', 'DER', '-in', signature, '-content', manifest];
    return execFileSync('openssl', ['smime', ...verified, '-CAfile', root, '-purpose', 'any'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }).toString();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each file's SHA-1, as the manifest should have them. */
export function digests({ files }: Pkpass): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files)
      .filter(([name]) => name !== 'manifest.json' && name !== 'signature')
      .map(([name, content]) => [name, createHash('sha1').update(content).digest('hex')]),
  );
}
