import type { Campaign } from '@tearoff/contracts';
import type { FilledPass } from '../passes/passes.service';
import type { PassState } from '../passes/pass-content';
import { languageOf, texts } from '../passes/texts/texts';

export type GoogleKind = 'loyalty' | 'offer';

const symbologies: Partial<Record<Campaign['barcode'], string>> = {
  qrcode: 'QR_CODE',
  code128: 'CODE_128',
  ean13: 'EAN_13',
  datamatrix: 'DATA_MATRIX',
  pdf417: 'PDF_417',
};

const states: Record<PassState, string> = {
  valid: 'ACTIVE',
  early: 'ACTIVE',
  paused: 'INACTIVE',
  redeemed: 'COMPLETED',
  expired: 'EXPIRED',
  voided: 'INACTIVE',
  ended: 'EXPIRED',
};

export const kindOf = ({ cardId }: { cardId: string | null }): GoogleKind => (cardId ? 'loyalty' : 'offer');

export const objectId = (issuerId: string, pass: { id: string }): string => `${issuerId}.${pass.id}`;

export const classId = (issuerId: string, subjectId: string): string => `${issuerId}.${subjectId}`;

/** What all passes of a card or campaign share. */
export function classOf(issuerId: string, { content }: FilledPass) {
  const { of, title, color, imageUrl, logoUrl, membership } = content;
  const logo = logoUrl ?? imageUrl;
  const common = {
    id: classId(issuerId, of.id),
    issuerName: title.slice(0, 20),
    reviewStatus: 'UNDER_REVIEW',
    ...(color && { hexBackgroundColor: color }),
    ...(imageUrl && { heroImage: image(imageUrl) }),
  };
  if (membership)
    return { ...common, programName: title.slice(0, 20), ...(logo && { programLogo: image(logo) }) };
  return {
    ...common,
    title,
    provider: title.slice(0, 20),
    redemptionChannel: 'BOTH',
    ...(content.terms && { finePrint: content.terms }),
    ...(logo && { titleImage: image(logo) }),
  };
}

export function objectOf(issuerId: string, { pass, content }: FilledPass) {
  const { of, code, barcode, state, from, to, description, languageCode, membership } = content;
  const words = texts[languageOf(languageCode)];
  const common = {
    id: objectId(issuerId, pass),
    classId: classId(issuerId, of.id),
    state: states[state],
    // Only a valid one carries its code, as on its page.
    barcode:
      state === 'valid'
        ? { type: symbologies[barcode] ?? 'QR_CODE', value: code, alternateText: code }
        : { type: 'TEXT_ONLY', alternateText: words.states[state] },
    textModulesData: [
      { id: 'status', header: words.status, body: words.states[state] },
      ...(description ? [{ id: 'about', header: words.about, body: description }] : []),
    ],
    ...((from || to) && {
      validTimeInterval: {
        ...(from && { start: { date: from.toISOString() } }),
        ...(to && { end: { date: to.toISOString() } }),
      },
    }),
  };
  if (!membership) return common;
  const { kind, balance, tier, name, number, rewards } = membership;
  const next = rewards.find(({ cost }) => cost > balance);
  return {
    ...common,
    accountId: number,
    accountName: name || number,
    loyaltyPoints: { label: kind === 'stamps' ? words.stamps : words.points, balance: { int: balance } },
    ...(tier !== null && { secondaryLoyaltyPoints: { label: words.tier, balance: { string: tier } } }),
    ...(next && {
      textModulesData: [
        ...common.textModulesData,
        { id: 'next', header: words.next, body: `${next.name} (${next.cost})` },
      ],
    }),
  };
}

/** What is left of the pass of somebody who was erased. */
export const blankObject = (
  issuerId: string,
  pass: { id: string; cardId: string | null; campaignId: string | null },
) => ({
  id: objectId(issuerId, pass),
  classId: classId(issuerId, (pass.cardId ?? pass.campaignId)!),
  state: 'INACTIVE',
  barcode: { type: 'TEXT_ONLY', alternateText: '–' },
  textModulesData: [],
  ...(pass.cardId && { accountId: '–', accountName: '–' }),
});

const image = (uri: string) => ({ sourceUri: { uri } });
