import { Body, Controller, Get, HttpCode, Logger, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { DomainError, type Campaign } from '@tearoff/contracts';
import { problemOf } from '@tearoff/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClaimDesk } from '../claims/claim-desk';
import { ClaimForms, type ClaimForm } from '../claims/claim-form';
import type { ClaimRequest } from '../claims/claim-request';
import { closedWords, wordsOfFaults } from '../claims/claim-words';
import { sourceOfQuery } from '../tracking/source-of-query';
import { languageOf, type Language } from '../coupon/texts/texts';
import type { Page } from '../html/document';
import { sendPage } from '../html/send-page';
import { acceptedPage, claimPage, noticePage } from './claim.page';
import type { Entered } from './claim.fields';
import { keptQuery } from './kept-query';
import { playedByForm } from './played-by-form';
import { claimTextsIn } from './texts/texts';

type Query = Record<string, unknown>;
type Fields = Record<string, string>;

/**
 * The hosted page of a public campaign. Looking at it claims nothing. It has no cookie and no token against forged
 * requests, for there is nothing to steal: a foreign page that makes a visitor send the form does no more than
 * anyone can do without them, and the coupon goes to the address in the form, not to the sender.
 */
@Controller('o')
export class ClaimPageController {
  private readonly log = new Logger(ClaimPageController.name);

  constructor(
    private readonly desk: ClaimDesk,
    private readonly forms: ClaimForms,
  ) {}

  @Get(':campaign')
  async show(
    @Param('campaign') campaignId: string,
    @Query() query: Query,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageFor(request, query);
    await this.answer(reply, language, async () => {
      const { form, closed } = await this.open(campaignId, request, language);
      if (closed) return closed;
      return [200, claimPage(form, 'form', language, { action: actionOf(campaignId, query), entered: {} })];
    });
  }

  @Post(':campaign')
  @HttpCode(200)
  @RouteConfig({ form: true })
  async claim(
    @Param('campaign') campaignId: string,
    @Query() query: Query,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageFor(request, query);
    const fields = fieldsOf(body);
    const entered = enteredIn(fields);
    await this.answer(reply, language, async () => {
      const { campaign, form, closed } = await this.open(campaignId, request, language);
      if (closed) return closed;
      const state = { action: actionOf(campaignId, query), entered };
      try {
        const outcome = await this.desk.claim(campaign, claimIn(campaignId, form, fields, query, language), {
          ip: request.ip,
          how: 'claim_page',
          passcodeText: claimTextsIn(language).passcodeMessage,
          context: request.messageContext,
        });
        if (outcome.status === 'passcode_sent') return [200, claimPage(form, 'passcode', language, state)];
        if (outcome.status !== 'accepted') return [200, playedByForm(outcome, campaign, language)];
        return [200, acceptedPage(form, language)];
      } catch (error) {
        const says =
          error instanceof DomainError && wordsOfFaults(claimTextsIn(language), form.channel)[error.code];
        if (!says) throw error;
        const { status, headers } = problemOf(error);
        if (headers['retry-after']) reply.header('retry-after', headers['retry-after']);
        const step = fields.passcode === undefined ? 'form' : 'passcode';
        return [status, claimPage(form, step, language, { ...state, wrong: { code: error.code, says } })];
      }
    });
  }

  private async open(
    campaignId: string,
    { messageContext }: FastifyRequest,
    language: Language,
  ): Promise<{ campaign: Campaign; form: ClaimForm; closed: [number, Page] | null }> {
    const campaign = await this.desk.campaign(campaignId, messageContext);
    const reason = await this.desk.closedBecause(campaign);
    const words = reason && closedWords(reason.code, claimTextsIn(language));
    return {
      campaign,
      form: await this.forms.of(campaign, language),
      // Nothing is wrong with the request: the page is there, and says that it is closed.
      closed: words && [200, noticePage(words, language)],
    };
  }

  private async answer(
    reply: FastifyReply,
    language: Language,
    work: () => Promise<[status: number, page: Page]>,
  ): Promise<void> {
    let answer: [number, Page];
    try {
      answer = await work();
    } catch (error) {
      const { status, body, headers } = problemOf(error);
      if (status >= 500) this.log.error('a claim page could not be shown', (error as Error).stack);
      if (headers['retry-after']) reply.header('retry-after', headers['retry-after']);
      answer = [status, noticePage(closedWords(body.code, claimTextsIn(language)), language)];
    }
    sendPage(reply, ...answer);
  }
}

const languageFor = ({ headers }: FastifyRequest, { lang }: Query): Language =>
  languageOf(typeof lang === 'string' ? lang : undefined, headers['accept-language']);

const actionOf = (campaignId: string, query: Query): string =>
  `/o/${encodeURIComponent(campaignId)}${keptQuery(query)}`;

/** Anyone who sends JSON instead of the form may send anything. */
const fieldsOf = (body: unknown): Fields =>
  Object.fromEntries(
    Object.entries(body ?? {}).filter((field): field is [string, string] => typeof field[1] === 'string'),
  );

function enteredIn({ phone, email, country, offer, consent }: Fields): Entered {
  return {
    phone: phone?.slice(0, 50),
    email: email?.slice(0, 320),
    country: country && /^[A-Z]{2}$/.test(country) ? country : undefined,
    offer: offer?.slice(0, 48),
    consent: consent === 'yes',
  };
}

function claimIn(
  campaignId: string,
  { channel, captcha }: ClaimForm,
  fields: Fields,
  query: Query,
  { lang }: Language,
): ClaimRequest {
  const { phone, email, country, offer, consent } = enteredIn(fields);
  const answer = captcha && captcha !== 'unknown' ? fields[captcha.field] : fields.captcha;
  return {
    campaignId,
    recipient: {
      ...(channel === 'sms' ? { phone: phone ?? '', ...(country && { country }) } : { email: email ?? '' }),
      languageCode: lang,
    },
    offerId: offer || undefined,
    source: sourceOfQuery(query),
    consent,
    proof: fields.proof || undefined,
    captcha: answer || undefined,
    passcode: fields.passcode,
  };
}
