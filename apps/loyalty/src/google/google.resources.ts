import type { FilledPass } from '../passes/passes.service';
import type { PassState } from '../passes/pass-content';
import { languageOf, texts } from '../passes/texts/texts';
import { googleBarcode } from './barcode.type';

export type GoogleKind = 'loyalty' | 'offer';

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

/**
 * What all passes of a card or campaign share. A patch leaves what it does not name, so what is not there is null.
 * `defaultLogo`: the address of one for cards without, which Google refuses.
 */
export function classOf(issuerId: string, { content }: FilledPass, defaultLogo: string) {
  const { of, title, color, terms, imageUrl, logoUrl, membership } = content;
  const logo = logoUrl ?? imageUrl;
  const common = {
    id: classId(issuerId, of.id),
    issuerName: title.slice(0, 20),
    reviewStatus: 'UNDER_REVIEW',
    hexBackgroundColor: color ?? null,
    heroImage: image(imageUrl),
  };
  if (membership)
    return { ...common, programName: title.slice(0, 20), programLogo: image(logo ?? defaultLogo) };
  return {
    ...common,
    title,
    provider: title.slice(0, 20),
    redemptionChannel: 'BOTH',
    finePrint: terms || null,
    titleImage: image(logo),
  };
}

/** Null, as in a class, is what the pass has not. */
export function objectOf(issuerId: string, { pass, content }: FilledPass) {
  const { of, code, barcode, state, from, to, description, minimum, languageCode, membership } = content;
  const words = texts[languageOf(languageCode)];
  const common = {
    id: objectId(issuerId, pass),
    classId: classId(issuerId, of.id),
    state: states[state],
    // Only a valid one carries its code, as on its page.
    barcode: state === 'valid' ? googleBarcode(code, barcode) : noBarcode(words.states[state]),
    textModulesData: [
      { id: 'status', header: words.status, body: words.states[state] },
      ...(minimum ? [{ id: 'minimum', header: words.minimum, body: minimum }] : []),
      ...(description ? [{ id: 'about', header: words.about, body: description }] : []),
    ],
    validTimeInterval: from || to ? { start: instant(from), end: instant(to) } : null,
  };
  if (!membership) return common;
  const { kind, balance, tier, name, number, rewards } = membership;
  const next = rewards.find(({ cost }) => cost > balance);
  return {
    ...common,
    accountId: number,
    accountName: name || number,
    loyaltyPoints: { label: kind === 'stamps' ? words.stamps : words.points, balance: { int: balance } },
    secondaryLoyaltyPoints: tier === null ? null : { label: words.tier, balance: { string: tier } },
    ...(next && {
      textModulesData: [
        ...common.textModulesData,
        { id: 'next', header: words.next, body: `${next.name} (${next.cost})` },
      ],
    }),
  };
}

/** What is left of the pass of someone who was erased. */
export const blankObject = (
  issuerId: string,
  pass: { id: string; cardId: string | null; campaignId: string | null },
) => ({
  id: objectId(issuerId, pass),
  classId: classId(issuerId, (pass.cardId ?? pass.campaignId)!),
  state: 'INACTIVE',
  barcode: noBarcode('–'),
  textModulesData: [],
  messages: [],
  ...(pass.cardId && {
    accountId: '–',
    accountName: '–',
    loyaltyPoints: null,
    secondaryLoyaltyPoints: null,
  }),
});

const noBarcode = (text: string) => ({ type: 'TEXT_ONLY', value: null, alternateText: text });

const instant = (at: Date | null) => at && { date: at.toISOString() };

const image = (uri: string | undefined) => (uri ? { sourceUri: { uri } } : null);
