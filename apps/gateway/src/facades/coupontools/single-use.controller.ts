import { randomUUID } from 'node:crypto';
import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  emailOf,
  GetCampaign,
  IssueCoupon,
  personKey,
  phoneOf,
  SearchCoupons,
  type Coupon,
  type MessageContext,
  type RequestOf,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { refusalOf } from '../../api/coupons/issue-refusals';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { OneAtATime } from '../one-at-a-time';
import { invalidParameter } from './faults';
import { Parameters } from './parameters';
import { standingFor } from './routes';
import { ok, singleUse, timeOf } from './views';

type Issue = RequestOf<typeof IssueCoupon>;

/** By which of their names a person is looked for. */
const names = { email: 'email', phone: 'phone', customid: 'externalId' } as const;
const customFields = [1, 2, 3, 4, 5, 6, 7].map((number) => `customfield${number}`);

@Controller('coupontools/v3/singleuse')
export class CoupontoolsSingleUseController {
  constructor(
    private readonly commands: CommandClient,
    private readonly oneAtATime: OneAtATime,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post('create')
  @HttpCode(200)
  @RouteConfig(standingFor('POST /v1/coupons'))
  async create(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const issue = issueOf(parameters, caller.accountId);
    const by = parameters.oneOf('duplicate_check', ['email', 'phone', 'customid']);
    if (by && issue.recipient[names[by]] === undefined) parameters.required(by);
    parameters.check();
    const campaign = await this.commands.send(GetCampaign, issue, { context });
    const coupon = by ? await this.unlessThere(issue, names[by], context) : await this.issue(issue, context);
    return ok({
      campaign: campaign.id,
      ...singleUse(coupon, this.publicUrl),
      expiry_date_utc: timeOf(coupon.validTo),
      action: 'single_use_code_created',
    });
  }

  /** The coupon they have, also of a campaign that would give them another; asked for twice at once, it is one. */
  private unlessThere(issue: Issue, name: keyof Issue['recipient'], context: MessageContext) {
    const { accountId, campaignId, recipient } = issue;
    const known = { [name]: recipient[name] };
    const key = `coupontools ${campaignId} ${name} ${spellingOf(name, recipient[name]!)}`;
    return this.oneAtATime.run({ accountId, key, asked: null, keepAnswer: false }, async () => {
      const search = { accountId, campaignId, ...known, limit: 1 };
      const { data } = await this.commands.send(SearchCoupons, search, { context });
      return data[0] ?? this.issue(issue, context);
    });
  }

  private async issue(issue: Issue, context: MessageContext): Promise<Coupon> {
    const outcome = await this.commands.send(IssueCoupon, issue, { context });
    if (outcome.outcome === 'refused') throw refusalOf(outcome);
    return outcome.coupon;
  }
}

/** One for all spellings of a name that are one person's. */
function spellingOf(name: keyof Issue['recipient'], given: string): string {
  const address = name === 'email' ? emailOf(given) : name === 'phone' ? phoneOf(given) : null;
  return address === null ? given.trim() : personKey(address);
}

function issueOf(parameters: Parameters, accountId: string): Issue {
  const campaignId = parameters.campaign();
  const email = parameters.text('email', 320)?.trim();
  const phone = parameters.optionalPhone();
  const externalId = parameters.text('customid', 50)?.trim();
  const fields = customFields.flatMap((name) => {
    const text = parameters.text(name, 1_000);
    return text === undefined ? [] : [[name, text]];
  });
  refuseWhatCampaignsDecide(parameters);
  return {
    accountId,
    campaignId,
    recipient: {
      ...(phone !== undefined && { phone }),
      ...(email !== undefined && { email }),
      ...(externalId !== undefined && { externalId }),
      // No one is named: a person of whom no more will ever be known.
      ...(phone === undefined &&
        email === undefined &&
        !externalId && { externalId: `coupontools-${randomUUID()}` }),
      firstName: parameters.text('firstname'),
      lastName: parameters.text('lastname'),
    },
    channel: 'none',
    source: parameters.source(),
    ...(fields.length > 0 && { metadata: Object.fromEntries(fields) as Record<string, string> }),
  };
}

/** Codes and their end are a campaign's: to say nothing would let a caller believe that theirs are in force. */
function refuseWhatCampaignsDecide(parameters: Parameters): void {
  const own = parameters.text('customvalcode', 100);
  parameters.oneOf('autovalcode', ['6digits', '8digits', '10digits']);
  if (own !== undefined)
    parameters.fault(invalidParameter('customvalcode', 'Codes are made or imported by the campaign.'));
  if (parameters.instant('expiry_date', 'end'))
    parameters.fault(invalidParameter('expiry_date', "A coupon's end is set by its campaign."));
}
