import { readImportedCode, symbologyFault, withoutAi, type Symbology } from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { readExpiry } from './code-expiry';

export interface ReadCode {
  line: number;
  code: string;
  /** As written, where that differs. */
  printedCode: string | null;
}

/** Their barcodes hold digits alone, however a file writes the code. */
const digitSymbologies: readonly Symbology[] = ['ean13', 'gs1-8112'];

/** A code as a stack of that symbology keeps it, or what is wrong with the line. */
export function readCode(
  { line, code: text }: { line: number; code: string },
  symbology: Symbology,
): ReadCode | string {
  const read = readImportedCode(text);
  if ('fault' in read) return read.fault;
  if (digitSymbologies.includes(symbology)) {
    const code = withoutAi(read.code);
    return symbologyFault(code, symbology) ?? { line, code, printedCode: null };
  }
  const { code, printed } = read;
  return symbologyFault(printed, symbology) ?? { line, code, printedCode: code === printed ? null : printed };
}

/** A code on its way into a stack, with the end that its line gives it. */
export interface StagedCode extends ReadCode {
  validTo: Date | null;
}

/** A line of an import, or why it is refused. */
export function readLine(
  line: { line: number; code: string; expires?: string },
  { barcode, timezone }: Pick<CampaignEntity, 'barcode' | 'timezone'>,
  now: Date,
): StagedCode | { code: string; message: string } {
  const read = readCode(line, barcode);
  if (typeof read === 'string') return { code: 'code.invalid', message: read };
  const expiry = readExpiry(line.expires ?? '', timezone);
  if ('fault' in expiry) {
    const shown = line.expires!.trim().slice(0, 40);
    return { code: 'code.invalid_expiry', message: `has an end, "${shown}", that ${expiry.fault}` };
  }
  const { validTo } = expiry;
  if (validTo && validTo <= now)
    return {
      code: 'code.expired',
      message: `has expired already: it was good until ${validTo.toISOString()}`,
    };
  return { ...read, validTo };
}
