import type { Channel } from '@tearoff/contracts';
import type { ClaimTexts } from '../claim/texts/claim-texts';
import { claimTextsIn } from '../claim/texts/texts';
import type { Language } from '../coupon/texts/texts';
import { gameTextsOf } from '../game/texts/texts';
import type { ClaimForm } from './claim-form';

/** What went wrong, in their words, by the code of the problem; what is not here is not theirs to mend. */
export const wordsOfFaults = ({ wrong }: ClaimTexts, channel: Channel): Record<string, string> => ({
  // A form of ours can break the body's rules in one way: with no address, or an endless one.
  'request.invalid': channel === 'sms' ? wrong.phone : wrong.email,
  'recipient.invalid_phone': wrong.phone,
  'recipient.missing': channel === 'sms' ? wrong.phone : wrong.email,
  'claim.number_not_allowed': wrong.phone,
  'recipient.invalid_email': wrong.email,
  'claim.country_not_allowed': wrong.country,
  'offer.required': wrong.offer,
  'offer.not_found': wrong.offer,
  'claim.consent_required': wrong.consent,
  'claim.passcode_wrong': wrong.passcode,
  'claim.proof_required': wrong.again,
  'claim.proof_invalid': wrong.again,
  'claim.captcha_required': wrong.again,
  'claim.captcha_wrong': wrong.again,
  'rate.limited': wrong.tooMany,
});

export interface FormWords {
  lead: string;
  passcodeLead: string;
  get: string;
  accepted: readonly [headline: string, says: string, sameAgain: string];
}

/** What stands above the fields and above the digits, on the button, and in the place of it all once it was accepted. */
export function formWords(
  { type, channel }: Pick<ClaimForm, 'type' | 'channel'>,
  language: Language,
): FormWords {
  const texts = claimTextsIn(language);
  const bySms = channel === 'sms';
  const common = {
    passcodeLead: bySms ? texts.passcodeSms : texts.passcodeEmail,
    accepted: [texts.accepted, bySms ? texts.acceptedSms : texts.acceptedEmail, texts.sameAgain],
  } as const;
  if (type === 'game') {
    const { play, enterPhone, enterEmail } = gameTextsOf(language);
    return { ...common, lead: bySms ? enterPhone : enterEmail, get: play };
  }
  const how = bySms ? texts.bySms : texts.byEmail;
  return { ...common, lead: type === 'mystery' ? `${texts.surprise} ${how}` : how, get: texts.get };
}

export interface ClosedWords {
  headline: string;
  says: string;
  /** Of the icons of the pages. */
  icon: string;
}

/** Why nothing can be claimed, by the code of the problem. */
export function closedWords(code: string, texts: ClaimTexts): ClosedWords {
  switch (code) {
    case 'campaign.not_found':
      return { headline: texts.unknown, says: texts.unknownSays, icon: 'unknown' };
    case 'campaign.ended':
      return { headline: texts.ended, says: texts.endedSays, icon: 'ended' };
    case 'campaign.not_active':
      return { headline: texts.paused, says: texts.pausedSays, icon: 'paused' };
    case 'claim.halted':
      return { headline: texts.halted, says: texts.haltedSays, icon: 'paused' };
    default:
      return { headline: texts.away, says: texts.awaySays, icon: 'away' };
  }
}
