import { Injectable } from '@nestjs/common';
import { PKPass } from 'passkit-generator';
import type { FilledPass } from '../passes/passes.service';
import { en } from '../passes/texts/en';
import { texts } from '../passes/texts/texts';
import { WalletSettings } from '../wallet.settings';
import { appleBarcode } from './barcode.format';
import { Certificates } from './certificates';
import { fieldsOf } from './pass.fields';
import { PassPictures } from './pass.pictures';

const defaultColor = '#3b3fd8';

export interface SignedPass {
  pkpass: Buffer;
  development: boolean;
}

@Injectable()
export class PkpassWriter {
  constructor(
    private readonly certificates: Certificates,
    private readonly settings: WalletSettings,
    private readonly pictures: PassPictures,
  ) {}

  async write(filled: FilledPass): Promise<SignedPass> {
    const { pass, content } = filled;
    const { certificate, key, passphrase, intermediate, development } = await this.certificates.get();
    const { passTypeIdentifier, teamIdentifier } = this.settings.apple;
    const { membership, state, to } = content;
    const color = content.color ?? defaultColor;
    const ink = content.textColor ?? readableOn(color);
    const usable = state === 'valid' || state === 'early' || state === 'paused';
    const written = new PKPass(
      await this.pictures.of(filled, { color, ink }),
      { signerCert: certificate, signerKey: key, signerKeyPassphrase: passphrase, wwdr: intermediate },
      {
        passTypeIdentifier,
        teamIdentifier,
        serialNumber: pass.id,
        organizationName: content.title,
        description: content.title,
        logoText: membership ? content.title : undefined,
        backgroundColor: color,
        foregroundColor: ink,
        labelColor: ink,
        webServiceURL: `${this.settings.publicUrl}/wallet/apple`,
        authenticationToken: pass.authToken,
        sharingProhibited: true,
        voided: !usable,
      },
    );
    written.type = membership ? 'storeCard' : 'coupon';
    const fields = fieldsOf(content, pass.message, development);
    written.headerFields.push(...fields.header);
    written.primaryFields.push(...fields.primary);
    written.secondaryFields.push(...fields.secondary);
    written.auxiliaryFields.push(...fields.auxiliary);
    written.backFields.push(...fields.back);
    if (to) written.setExpirationDate(to);
    const barcode = state === 'valid' ? appleBarcode(content.code, content.barcode) : null;
    if (barcode) written.setBarcodes(barcode);
    for (const [language, words] of Object.entries(translations)) written.localize(language, words);
    return { pkpass: written.getAsBuffer(), development };
  }
}

/** From our English words to each language's. */
const translations = Object.fromEntries(
  Object.entries(texts).map(([language, words]) => {
    const { states, ...plain } = words;
    return [
      language,
      Object.fromEntries([
        ...Object.entries(plain).map(([name, text]) => [en[name as keyof typeof plain], text]),
        ...Object.entries(states).map(([name, text]) => [en.states[name as keyof typeof states], text]),
      ]),
    ];
  }),
);

/** Black or white, by the colour's luminance (WCAG). */
function readableOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000000' : '#ffffff';
}
