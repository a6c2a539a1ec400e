import { Inject, Injectable } from '@nestjs/common';
import { minimumBasketOf, type Campaign } from '@tearoff/contracts';
import { getCountryCallingCode } from 'libphonenumber-js/max';
import { discountWords, minimumWords } from '../coupon/discount.words';
import type { Language } from '../coupon/texts/texts';
import { captchaBoxOf, type CaptchaBox } from './captcha-vendor';
import { CLAIM_SETTINGS, type ClaimSettings } from './claim-settings';
import { channelOf, countriesOf } from './claimant';
import { proofBits, ProofOfWork } from './proof-of-work';

/** What someone has to be shown and asked who claims from a campaign. */
export interface ClaimForm {
  campaignId: string;
  type: Campaign['type'];
  title: string;
  discount: string | null;
  /** What the basket has to come to. */
  minBasket: string | null;
  description: string | null;
  terms: string | null;
  imageUrl: string | null;
  color: string | undefined;
  channel: 'sms' | 'email';
  /** Where numbers may be from, the default first. */
  countries: { code: string; callingCode: string; name: string }[];
  /** To choose from; empty where there is nothing to choose. */
  offers: { id: string; title: string; about: string | null }[];
  consent: string | null;
  passcode: boolean;
  proof: { challenge: string; bits: number } | null;
  /** Whether a captcha is asked for, and its box where we know one. */
  captcha: CaptchaBox | 'unknown' | null;
}

@Injectable()
export class ClaimForms {
  constructor(
    private readonly proofs: ProofOfWork,
    @Inject(CLAIM_SETTINGS) private readonly settings: ClaimSettings,
  ) {}

  async of(campaign: Campaign, { texts, locale }: Language): Promise<ClaimForm> {
    const { content, claim, type } = campaign;
    const discount = discountWords(campaign.discount, texts, locale);
    const names = new Intl.DisplayNames(locale, { type: 'region' });
    const title = content.title?.trim() || discount || texts.yourCoupon;
    return {
      campaignId: campaign.id,
      type,
      title,
      discount: discount === title ? null : discount,
      minBasket: minimumWords(minimumBasketOf(campaign), texts, locale),
      description: content.description?.trim() || null,
      terms: content.terms?.trim() || null,
      imageUrl: content.imageUrl ?? null,
      color: content.color,
      channel: channelOf(claim),
      countries: countriesOf(claim).map((code) => ({
        code,
        callingCode: `+${getCountryCallingCode(code)}`,
        name: names.of(code) ?? code,
      })),
      offers: type === 'choice' ? campaign.offers.map((offer) => choiceOf(offer, { texts, locale })) : [],
      consent: claim.consent?.trim() || null,
      passcode: claim.passcode ?? false,
      proof: claim.proofOfWork
        ? { challenge: await this.proofs.challenge(campaign.id), bits: proofBits }
        : null,
      captcha: claim.captcha ? (captchaBoxOf(this.settings.captcha) ?? 'unknown') : null,
    };
  }
}

function choiceOf(
  { id, content, discount }: Campaign['offers'][number],
  { texts, locale }: Pick<Language, 'texts' | 'locale'>,
): ClaimForm['offers'][number] {
  const words = discountWords(discount ?? null, texts, locale);
  const title = content?.title?.trim() || words || texts.yourCoupon;
  const about = content?.description?.trim() || (words === title ? null : words);
  return { id, title, about };
}
