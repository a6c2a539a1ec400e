import { Controller, Get, Inject, Post, Query, Req } from '@nestjs/common';
import { forbidden, notFound, type Campaign } from '@tearoff/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { playedWords } from '../game/played-words';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { Operation } from '../../http/openapi/operation.decorator';
import { claimTextsIn } from '../claim/texts/texts';
import { tintOf } from '../coupon/colors';
import { languageOf } from '../coupon/texts/texts';
import { momentFormat } from '../coupon/time.words';
import { PUBLIC_URL } from '../pages.tokens';
import { ClaimDesk } from './claim-desk';
import { ClaimForms } from './claim-form';
import type { ClaimOutcome } from './claim-outcome';
import { ClaimRequest } from './claim-request';
import { closedWords, formWords, wordsOfFaults } from './claim-words';
import { claimExamples } from './claim.examples';
import { ClaimFormQuery } from './claim-form.query';

const scopes = ['public', 'marketing'] as const;
const tag = 'Claims';

/** On demand: a consumer asks for their coupon by themselves. */
@Controller('v1/claims')
export class ClaimsController {
  constructor(
    private readonly desk: ClaimDesk,
    private readonly forms: ClaimForms,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post()
  @Operation({
    tag,
    summary: 'Claim a coupon',
    description:
      'For web pages, with a `public` key: `X-Client-Id` alone, from an origin that the key and the campaign allow. ' +
      'The answer is the same whether or not they have claimed before, may be written to, or is late for the last ' +
      'one; the coupon travels by SMS or e-mail. With `claim.passcode` the first call sends six digits, the second ' +
      'brings them back in `passcode`.',
    scopes,
    body: { schema: ClaimRequest, hot: true, examples: claimExamples },
    answers: {
      202: { description: 'Taken, or a passcode is on its way.', schema: 'ClaimAnswer' },
      200: { description: 'A game: won or lost.', schema: 'ClaimAnswer' },
    },
    problems: {
      403: ['auth.origin', 'claim.origin_not_allowed'],
      404: ['campaign.not_found'],
      409: ['campaign.not_active', 'campaign.ended', 'claim.halted'],
      422: [
        'recipient.invalid_phone',
        'recipient.invalid_email',
        'recipient.missing',
        'claim.one_address',
        'claim.country_not_allowed',
        'claim.number_not_allowed',
        'claim.consent_required',
        'claim.proof_required',
        'claim.proof_invalid',
        'claim.captcha_required',
        'claim.captcha_wrong',
        'claim.passcode_wrong',
        'offer.required',
        'offer.not_found',
      ],
      429: ['rate.limited'],
      503: ['claim.captcha_unavailable'],
    },
  })
  async claim(request: FastifyRequest<{ Body: ClaimRequest }>, reply: FastifyReply): Promise<ClaimOutcome> {
    const { body, caller, messageContext: context, headers } = request;
    const open = caller.scopes.includes('public');
    const campaign = await this.campaignFor(request, body.campaignId);
    const language = languageOf(body.recipient.languageCode, headers['accept-language']);
    const outcome = await this.desk.claim(campaign, body, {
      ip: open ? request.ip : null,
      how: open ? 'widget' : 'api',
      passcodeText: claimTextsIn(language).passcodeMessage,
      context,
    });
    reply.code(outcome.status === 'won' || outcome.status === 'lost' ? 200 : 202);
    return outcome;
  }

  @Get('form')
  @Operation({
    tag,
    summary: 'What a form for claims shows and asks',
    description:
      'In the language of `lang` or `Accept-Language`: for the widget, and for forms of your own. Where the campaign ' +
      'asks for a proof of work, `proof.challenge` is a new one: find a number n for which SHA-256 of `challenge:n` ' +
      'begins with `proof.bits` zero bits, and send `challenge:n` as `proof`.',
    scopes,
    query: ClaimFormQuery,
    answers: { 200: { description: 'The form, or why it is closed.', schema: 'ClaimForm' } },
    problems: { 403: ['auth.origin', 'claim.origin_not_allowed'], 404: ['campaign.not_found'] },
  })
  async form(
    @Req() request: FastifyRequest,
    @Query(new QueryPipe(ClaimFormQuery)) { campaignId, lang }: ClaimFormQuery,
  ) {
    const campaign = await this.campaignFor(request, campaignId);
    const language = languageOf(lang, request.headers['accept-language']);
    const texts = claimTextsIn(language);
    const closed = await this.desk.closedBecause(campaign);
    if (closed) {
      const { headline, says } = closedWords(closed.code, texts);
      return { open: false, lang: language.lang, code: closed.code, headline, says };
    }
    const { captcha, color, ...form } = await this.forms.of(campaign, language);
    const { accent, onAccent } = tintOf(color, '#ffffff', '#1c1c22');
    const { wrong: _, passcodeMessage: _message, ...words } = texts;
    const { get, lead, ...sentences } = formWords(form, language);
    const { locale } = language;
    return {
      open: true,
      lang: language.lang,
      ...form,
      captcha: captcha !== null,
      colors: { accent, onAccent },
      pageUrl: `${this.publicUrl}/o/${campaign.id}`,
      ...sentences,
      // The widget has one sentence above its fields.
      lead: form.minBasket ? `${form.minBasket}. ${lead}` : lead,
      texts: { ...words, get },
      ...(form.type === 'game' && {
        played: { ...playedWords(form.channel, language), locale, format: momentFormat(campaign.timezone) },
      }),
      faults: wordsOfFaults(texts, form.channel),
    };
  }

  private async campaignFor(
    { caller, messageContext, headers: { origin } }: FastifyRequest,
    campaignId: string,
  ): Promise<Campaign> {
    const campaign = await this.desk.campaign(campaignId, messageContext);
    if (campaign.accountId !== caller.accountId)
      throw notFound('campaign.not_found', 'There is no such campaign.');
    const known =
      origin === undefined ||
      origin === new URL(this.publicUrl).origin ||
      campaign.claim.origins?.includes(origin);
    if (caller.scopes.includes('public') && !known)
      throw forbidden('claim.origin_not_allowed', 'This campaign cannot be claimed from this origin.');
    return campaign;
  }
}
